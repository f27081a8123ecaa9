package io.github.openaikserve.server.warmup;

import com.google.protobuf.ByteString;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInferResponse.InferOutputTensor;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A gRPC server on the loopback interface that answers every prompt with the same 24 tokens. */
final class ScriptedModel implements AutoCloseable {
  private static final int TOKENS = 24;

  private final Server server;

  ScriptedModel() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(new Answers())
            .build()
            .start();
  }

  String target() {
    return "127.0.0.1:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static final class Answers extends GRPCInferenceServiceImplBase {
    @Override
    public void modelStreamInfer(
        ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
      for (int i = 0; i < TOKENS; i++) {
        responses.onNext(token(" word" + i, "null"));
      }
      responses.onNext(token("", "stop"));
      responses.onCompleted();
    }

    private static ModelStreamInferResponse token(String text, String finishReason) {
      return ModelStreamInferResponse.newBuilder()
          .setInferResponse(
              ModelInferResponse.newBuilder()
                  .setModelName("generate_stream")
                  .addOutputs(output("token", text))
                  .addOutputs(output("finish_reason", finishReason)))
          .build();
    }

    private static InferOutputTensor output(String name, String value) {
      return InferOutputTensor.newBuilder()
          .setName(name)
          .setDatatype("BYTES")
          .addShape(1)
          .setContents(
              InferTensorContents.newBuilder().addBytesContents(ByteString.copyFromUtf8(value)))
          .build();
    }
  }
}
