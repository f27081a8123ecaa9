package io.github.openaikserve.grpc;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Asks a server about itself. */
record Probe(Methods methods, Channel channel, CallOptions options, Map<String, String> metadata) {

  /** One question; fails with {@link BackendException}. */
  <Q, A> CompletableFuture<A> call(MethodDescriptor<Q, A> method, Q request) {
    var answer = new CompletableFuture<A>();
    Channel withHeaders =
        ClientInterceptors.intercept(
            channel, MetadataUtils.newAttachHeadersInterceptor(Headers.of(metadata)));
    ClientCalls.asyncUnaryCall(
        withHeaders.newCall(methods.named(method), options),
        request,
        new StreamObserver<A>() {
          @Override
          public void onNext(A value) {
            answer.complete(value);
          }

          @Override
          public void onError(Throwable failure) {
            Status status =
                failure instanceof StatusRuntimeException e
                    ? e.getStatus()
                    : Status.fromThrowable(failure);
            answer.completeExceptionally(StatusCodes.exception(status));
          }

          @Override
          public void onCompleted() {}
        });
    return answer;
  }

  /** A server that cannot be asked does not say; one that fails is not ready. */
  static Optional<Boolean> readiness(@Nullable Boolean ready, @Nullable Throwable failure) {
    if (failure == null) {
      return Optional.ofNullable(ready);
    }
    return code(failure) == BackendCode.UNIMPLEMENTED ? Optional.empty() : Optional.of(false);
  }

  /** A server that cannot be asked, or does not know, does not say. */
  static <T> Optional<T> knowledge(@Nullable T told, @Nullable Throwable failure) {
    if (failure == null) {
      return Optional.ofNullable(told);
    }
    BackendCode code = code(failure);
    if (code == BackendCode.UNIMPLEMENTED || code == BackendCode.NOT_FOUND) {
      return Optional.empty();
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  /**
   * Whether it is the server that does not work. One that is not connected gets no calls anyway;
   * once it is, calls may try it at once.
   */
  static boolean isBroken(Throwable failure) {
    BackendCode code = code(failure);
    return code == BackendCode.DEADLINE_EXCEEDED
        || code == BackendCode.INTERNAL
        || code == BackendCode.UNKNOWN
        || code == BackendCode.DATA_LOSS;
  }

  private static @Nullable BackendCode code(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof BackendException backend ? backend.backendCode() : null;
  }
}
