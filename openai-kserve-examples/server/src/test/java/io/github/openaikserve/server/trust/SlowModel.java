package io.github.openaikserve.server.trust;

import com.google.protobuf.ByteString;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInferResponse.InferOutputTensor;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A worker with AnyServe's dialect that sends each caller a distinct token now and then. */
final class SlowModel extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase
    implements AutoCloseable {
  private final int tokens;
  private final long paceMillis;
  private final CompletableFuture<Void> gate;
  private final ScheduledExecutorService pacer = Executors.newScheduledThreadPool(1);
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final Server server;

  /** Creates a model that sends no token before {@code gate} completes. */
  SlowModel(int tokens, long paceMillis, CompletableFuture<Void> gate) throws IOException {
    this.gate = gate;
    this.tokens = tokens;
    this.paceMillis = paceMillis;
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .directExecutor()
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  /** Returns the number of running calls. */
  int open() {
    return open.get();
  }

  /** Returns the maximum number of concurrent calls so far. */
  int most() {
    return most.get();
  }

  /** Returns the whole answer to a prompt. */
  String answer(String prompt) {
    return IntStream.range(0, tokens).mapToObj(i -> token(prompt, i)).collect(Collectors.joining());
  }

  private static String token(String prompt, int number) {
    return "[" + prompt + " token " + number + "]";
  }

  @Override
  public void modelStreamInfer(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    var call = (ServerCallStreamObserver<ModelStreamInferResponse>) responses;
    most.accumulateAndGet(open.incrementAndGet(), Math::max);
    call.setOnCancelHandler(open::decrementAndGet);
    call.setOnCloseHandler(open::decrementAndGet);
    String prompt = request.getInputs(0).getContents().getBytesContents(0).toStringUtf8();
    // The text of a chat template contains the end of an answer.
    String words = prompt.contains("<") ? "chat" : prompt;
    gate.thenRun(() -> send(words, 0, call));
  }

  private void send(
      String prompt, int number, ServerCallStreamObserver<ModelStreamInferResponse> call) {
    if (call.isCancelled()) {
      return;
    }
    if (number == tokens) {
      call.onNext(chunk("", "stop"));
      call.onCompleted();
      return;
    }
    call.onNext(chunk(token(prompt, number), "null"));
    pacer.schedule(() -> send(prompt, number + 1, call), paceMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    responses.onNext(
        ModelInferResponse.newBuilder()
            .addOutputs(
                InferOutputTensor.newBuilder()
                    .setName("embedding")
                    .setDatatype("FP32")
                    .addShape(1)
                    .addShape(2)
                    .setContents(
                        InferTensorContents.newBuilder().addFp32Contents(1).addFp32Contents(0)))
            .build());
    responses.onCompleted();
  }

  private static ModelStreamInferResponse chunk(String token, String finish) {
    return ModelStreamInferResponse.newBuilder()
        .setInferResponse(
            ModelInferResponse.newBuilder()
                .addOutputs(text("token", token))
                .addOutputs(text("finish_reason", finish)))
        .build();
  }

  private static InferOutputTensor text(String name, String value) {
    return InferOutputTensor.newBuilder()
        .setName(name)
        .setDatatype("BYTES")
        .addShape(1)
        .setContents(
            InferTensorContents.newBuilder().addBytesContents(ByteString.copyFromUtf8(value)))
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
    pacer.shutdownNow();
    try {
      server.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
