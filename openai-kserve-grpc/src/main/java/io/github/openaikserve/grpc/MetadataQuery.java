package io.github.openaikserve.grpc;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A unary call that asks a server about itself, with the headers and the credentials of every call.
 *
 * @param timeout for the answer
 */
record MetadataQuery(Methods methods, CallSettings settings, Duration timeout) {

  /** Asks over a channel; the future fails with {@link BackendException}. */
  <Q, A> CompletableFuture<A> ask(OpenChannel channel, MethodDescriptor<Q, A> method, Q request) {
    var answer = new CompletableFuture<A>();
    CallOptions options =
        settings.options().withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    WatchedCredentials credentials = settings.watchedCredentials();
    if (credentials != null) {
      options = options.withCallCredentials(credentials);
    }
    try {
      Metadata headers = Headers.of(TritonErrorHeader.without(settings.metadata()));
      ClientCall<Q, A> call = channel.channel().newCall(methods.named(method), options);
      channel.begin();
      call.start(new Answer<>(channel, credentials, answer), headers);
      call.request(2); // gRPC reports a second message as a protocol violation
      call.sendMessage(request);
      call.halfClose();
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  /**
   * Returns the readiness that a server reported.
   *
   * @return empty if the server does not implement the RPC, or refuses the credentials
   * @throws CompletionException if the call failed for another reason
   */
  static Optional<Boolean> readiness(@Nullable Boolean ready, @Nullable Throwable failure) {
    return answer(
        ready,
        failure,
        code(failure) == BackendCode.UNIMPLEMENTED
            || code(failure) == BackendCode.UNAUTHENTICATED
            || code(failure) == BackendCode.PERMISSION_DENIED);
  }

  /** Returns the readiness of a model; false if the call failed, empty if UNIMPLEMENTED. */
  static Optional<Boolean> modelReadiness(@Nullable Boolean ready, @Nullable Throwable failure) {
    if (failure == null) {
      return Optional.ofNullable(ready);
    }
    return code(failure) == BackendCode.UNIMPLEMENTED ? Optional.empty() : Optional.of(false);
  }

  /**
   * Returns the server's answer.
   *
   * @return empty if the server does not implement the RPC, or answers NOT_FOUND
   * @throws CompletionException if the call failed for another reason
   */
  static <T> Optional<T> knowledge(@Nullable T value, @Nullable Throwable failure) {
    return answer(
        value,
        failure,
        code(failure) == BackendCode.UNIMPLEMENTED || code(failure) == BackendCode.NOT_FOUND);
  }

  /**
   * Returns whether a server implements the RPC that was called.
   *
   * @throws CompletionException if the call failed for another reason than UNIMPLEMENTED
   */
  static boolean isImplemented(@Nullable Throwable failure) {
    if (failure == null || code(failure) == BackendCode.UNIMPLEMENTED) {
      return failure == null;
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  private static <T> Optional<T> answer(
      @Nullable T value, @Nullable Throwable failure, boolean unknown) {
    if (failure == null || unknown) {
      return Optional.ofNullable(value);
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  /** Returns the code of a failure; null if it is not a {@link BackendException}. */
  static @Nullable BackendCode code(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof BackendException backend ? backend.backendCode() : null;
  }

  private static final class Answer<A> extends ClientCall.Listener<A> {
    private final OpenChannel channel;
    private final @Nullable WatchedCredentials credentials;
    private final CompletableFuture<A> result;
    private @Nullable A message;
    private boolean headers;

    Answer(
        OpenChannel channel,
        @Nullable WatchedCredentials credentials,
        CompletableFuture<A> result) {
      this.channel = channel;
      this.credentials = credentials;
      this.result = result;
    }

    @Override
    public void onHeaders(Metadata received) {
      headers = true;
    }

    @Override
    public void onMessage(A received) {
      message = received;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      channel.end();
      StatusOrigin origin = channel.ended(status, trailers, headers, credentials);
      if (!status.isOk()) {
        result.completeExceptionally(CallFailure.of(status, origin, trailers));
      } else if (message == null) {
        result.completeExceptionally(CallFailure.withoutAnswer());
      } else {
        result.complete(message);
      }
    }
  }
}
