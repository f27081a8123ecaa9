package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A model server with scripted answers. */
final class ScriptedService extends NamedService {
  final AtomicInteger calls = new AtomicInteger();
  final CompletableFuture<Void> cancelled = new CompletableFuture<>();
  private final BiConsumer<ModelInferRequest, StreamObserver<ModelInferResponse>> unary;
  private final BiConsumer<ModelInferRequest, StreamObserver<ModelStreamInferResponse>> stream;

  ScriptedService(
      BiConsumer<ModelInferRequest, StreamObserver<ModelInferResponse>> unary,
      BiConsumer<ModelInferRequest, StreamObserver<ModelStreamInferResponse>> stream) {
    super("", "");
    this.unary = unary;
    this.stream = stream;
  }

  static ScriptedService streaming(
      BiConsumer<ModelInferRequest, StreamObserver<ModelStreamInferResponse>> stream) {
    return new ScriptedService((request, responses) -> responses.onCompleted(), stream);
  }

  /** Returns a service that answers every stream with one token. */
  static ScriptedService answering(String token) {
    return streaming(
        (request, responses) -> {
          responses.onNext(Servers.chunk(token));
          responses.onCompleted();
        });
  }

  /** Returns a service that fails every stream. */
  static ScriptedService failing(Status status) {
    return streaming((request, responses) -> responses.onError(status.asRuntimeException()));
  }

  /** Returns a service that fails every unary call. */
  static ScriptedService failingUnary(Status status) {
    return unary((request, responses) -> responses.onError(status.asRuntimeException()));
  }

  static ScriptedService unary(
      BiConsumer<ModelInferRequest, StreamObserver<ModelInferResponse>> unary) {
    return new ScriptedService(unary, (request, responses) -> responses.onCompleted());
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    begin(responses);
    unary.accept(request, responses);
  }

  @Override
  public void modelStreamInfer(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    begin(responses);
    stream.accept(request, responses);
  }

  private void begin(StreamObserver<?> responses) {
    calls.incrementAndGet();
    ((ServerCallStreamObserver<?>) responses).setOnCancelHandler(() -> cancelled.complete(null));
  }

  /** Returns this service with bidirectional streams, as Triton declares them. */
  BindableService asBidi() {
    MethodDescriptor<ModelInferRequest, ModelStreamInferResponse> method =
        GRPCInferenceServiceGrpc.getModelStreamInferMethod().toBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .build();
    return () ->
        ServerServiceDefinition.builder(GRPCInferenceServiceGrpc.SERVICE_NAME)
            .addMethod(
                method,
                ServerCalls.asyncBidiStreamingCall(
                    responses ->
                        new StreamObserver<ModelInferRequest>() {
                          @Override
                          public void onNext(ModelInferRequest request) {
                            stream.accept(request, responses);
                          }

                          @Override
                          public void onError(Throwable failure) {}

                          @Override
                          public void onCompleted() {}
                        }))
            .build();
  }
}
