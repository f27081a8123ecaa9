package io.github.openaikserve.grpc.faults;

import com.google.protobuf.ByteString;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A worker with AnyServe's dialect that sends two tokens at once and the others when a test
 * releases them. Some words in the prompt change that.
 */
public final class TokenServer extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase
    implements AutoCloseable {
  /** In a prompt: endless tokens, as fast as the client reads. */
  public static final String ENDLESS = "endless";

  /** In a prompt: a token of {@value #HUGE_BYTES} bytes after the first two. */
  public static final String HUGE = "huge";

  /** The size of a huge token. */
  public static final int HUGE_BYTES = 100_000;

  /** The number of tokens of a whole answer. */
  public static final int TOKENS = 20;

  private static final int AT_ONCE = 2;

  private final Server server;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger sent = new AtomicInteger();
  private volatile CompletableFuture<Void> rest = CompletableFuture.completedFuture(null);

  /** A server on any port of loopback. */
  public TokenServer() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .build()
            .start();
  }

  public int port() {
    return server.getPort();
  }

  /** Returns the number of running calls. */
  public int open() {
    return open.get();
  }

  /** Returns the number of tokens that were sent. */
  public int sent() {
    return sent.get();
  }

  /** Holds the tokens after the first two of further calls until {@code gate} completes. */
  public void restAfter(CompletableFuture<Void> rest) {
    this.rest = rest;
  }

  @Override
  public void modelStreamInfer(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    var call = (ServerCallStreamObserver<ModelStreamInferResponse>) responses;
    open.incrementAndGet();
    call.setOnCloseHandler(open::decrementAndGet);
    call.setOnCancelHandler(open::decrementAndGet);
    String prompt = request.getInputs(0).getContents().getBytesContents(0).toStringUtf8();
    if (prompt.contains(ENDLESS)) {
      call.setOnReadyHandler(() -> sendWhileReady(call));
    } else {
      send(call, AT_ONCE);
      boolean huge = prompt.contains(HUGE);
      rest.thenRun(() -> finish(call, huge));
    }
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    responses.onNext(
        ModelInferResponse.newBuilder()
            .addOutputs(
                ModelInferResponse.InferOutputTensor.newBuilder()
                    .setName("embedding")
                    .setDatatype("FP32")
                    .addShape(1)
                    .addShape(2)
                    .setContents(
                        InferTensorContents.newBuilder().addFp32Contents(1).addFp32Contents(0)))
            .build());
    responses.onCompleted();
  }

  private void sendWhileReady(ServerCallStreamObserver<ModelStreamInferResponse> call) {
    while (call.isReady() && !call.isCancelled()) {
      call.onNext(token(ByteString.copyFrom(new byte[1000]), "null"));
      sent.incrementAndGet();
    }
  }

  private void finish(ServerCallStreamObserver<ModelStreamInferResponse> call, boolean huge) {
    if (call.isCancelled()) {
      return;
    }
    if (huge) {
      call.onNext(token(ByteString.copyFrom(new byte[HUGE_BYTES]), "null"));
    }
    send(call, TOKENS - AT_ONCE);
    call.onNext(token(ByteString.EMPTY, "stop"));
    call.onCompleted();
  }

  private void send(ServerCallStreamObserver<ModelStreamInferResponse> call, int tokens) {
    for (int i = 0; i < tokens; i++) {
      call.onNext(token(ByteString.copyFromUtf8("word "), "null"));
      sent.incrementAndGet();
    }
  }

  private static ModelStreamInferResponse token(ByteString token, String finish) {
    return ModelStreamInferResponse.newBuilder()
        .setInferResponse(
            ModelInferResponse.newBuilder()
                .addOutputs(text("token", token))
                .addOutputs(text("finish_reason", ByteString.copyFromUtf8(finish))))
        .build();
  }

  private static ModelInferResponse.InferOutputTensor text(String name, ByteString value) {
    return ModelInferResponse.InferOutputTensor.newBuilder()
        .setName(name)
        .setDatatype("BYTES")
        .addShape(1)
        .setContents(InferTensorContents.newBuilder().addBytesContents(value))
        .build();
  }

  @Override
  public void close() {
    try {
      server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
