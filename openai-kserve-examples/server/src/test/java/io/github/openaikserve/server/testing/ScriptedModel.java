package io.github.openaikserve.server.testing;

import com.google.protobuf.ByteString;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInferResponse.InferOutputTensor;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An AnyServe whose behavior the prompt selects: {@code hang}, {@code begin}, {@code fail} or
 * {@code long}.
 */
public final class ScriptedModel extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase
    implements AutoCloseable {
  private final AtomicInteger calls = new AtomicInteger();
  private final BlockingQueue<StreamObserver<ModelStreamInferResponse>> held =
      new LinkedBlockingQueue<>();
  private final Server server;
  private volatile String lastPrompt = "";

  public ScriptedModel() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .build()
            .start();
  }

  public String target() {
    return "127.0.0.1:" + server.getPort();
  }

  /** Returns the number of calls. */
  public int calls() {
    return calls.get();
  }

  /** The prompt of the last call. */
  public String lastPrompt() {
    return lastPrompt;
  }

  /** The next call that hangs, once it has come. */
  public StreamObserver<ModelStreamInferResponse> awaitHeld() throws InterruptedException {
    StreamObserver<ModelStreamInferResponse> call = held.poll(20, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no call hangs");
    }
    return call;
  }

  public static void answer(StreamObserver<ModelStreamInferResponse> call) {
    call.onNext(token("done"));
    call.onCompleted();
  }

  @Override
  public void modelStreamInfer(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    calls.incrementAndGet();
    ((ServerCallStreamObserver<ModelStreamInferResponse>) responses).setOnCancelHandler(() -> {});
    String prompt = request.getInputs(0).getContents().getBytesContents(0).toStringUtf8();
    lastPrompt = prompt;
    switch (prompt) {
      case "hang" -> held.add(responses);
      case "begin" -> {
        responses.onNext(token("begun"));
        held.add(responses);
      }
      case "fail" -> responses.onError(Status.INTERNAL.asRuntimeException());
      case "long" -> {
        responses.onNext(
            ModelStreamInferResponse.newBuilder()
                .setErrorMessage("Requested tokens (3750) exceed context window of 2048")
                .build());
        responses.onCompleted();
      }
      default -> answer(responses);
    }
  }

  private static ModelStreamInferResponse token(String text) {
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
                                .addBytesContents(ByteString.copyFromUtf8(text)))))
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
