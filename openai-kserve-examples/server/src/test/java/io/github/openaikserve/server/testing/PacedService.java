package io.github.openaikserve.server.testing;

import com.google.protobuf.ByteString;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInferResponse.InferOutputTensor;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sends a token with the beginning of the prompt every few milliseconds. */
public final class PacedService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
  public static final int TOKENS = 20;
  private static final long PACE_MILLIS = 20;
  private static final int MAX_QUOTED = 20;

  private final ScheduledExecutorService pacer;

  public PacedService(ScheduledExecutorService pacer) {
    this.pacer = pacer;
  }

  @Override
  public void modelStreamInfer(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    String prompt = request.getInputs(0).getContents().getBytesContents(0).toStringUtf8();
    send(prompt.substring(0, Math.min(MAX_QUOTED, prompt.length())), 0, responses);
  }

  private void send(String prompt, int number, StreamObserver<ModelStreamInferResponse> responses) {
    if (number == TOKENS) {
      responses.onCompleted();
      return;
    }
    responses.onNext(chunk("[" + prompt + " token " + number + "]"));
    pacer.schedule(() -> send(prompt, number + 1, responses), PACE_MILLIS, TimeUnit.MILLISECONDS);
  }

  static ModelStreamInferResponse chunk(String token) {
    return ModelStreamInferResponse.newBuilder()
        .setInferResponse(
            ModelInferResponse.newBuilder()
                .addOutputs(
                    InferOutputTensor.newBuilder()
                        .setName("token")
                        .setDatatype("BYTES")
                        .addShape(1)
                        .setContents(
                            InferTensorContents.newBuilder()
                                .addBytesContents(ByteString.copyFromUtf8(token)))))
        .build();
  }
}
