package io.github.openaikserve.grpc.internal.call;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.internal.port.OpenChannel;
import io.github.openaikserve.grpc.internal.port.TritonErrorHeader;
import io.github.openaikserve.grpc.internal.port.WatchedCredentials;
import io.github.openaikserve.grpc.internal.status.CallStatus;
import io.github.openaikserve.grpc.internal.status.StatusCodes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A unary call about a server and its models, with the headers and credentials of every call.
 *
 * @param timeout for the answer
 */
public record UnaryCall(Methods methods, CallSettings settings, Duration timeout) {

  /** Sends a request over a channel; the future fails with {@link BackendException}. */
  public <Q, A> CompletableFuture<A> send(
      OpenChannel channel, MethodDescriptor<Q, A> method, Q request) {
    var answer = new CompletableFuture<A>();
    CallOptions options =
        settings.options().withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    WatchedCredentials credentials = settings.watchedCredentials();
    if (credentials != null) {
      options = options.withCallCredentials(credentials);
    }
    channel.begin();
    var receiver = new Answer<>(channel, credentials, answer);
    try {
      Metadata headers = Headers.of(TritonErrorHeader.without(settings.metadata()));
      ClientCall<Q, A> call = channel.channel().newCall(methods.named(method), options);
      call.start(receiver, headers);
      call.request(2); // gRPC reports a second message as a protocol violation
      call.sendMessage(request);
      call.halfClose();
    } catch (Throwable e) { // also thrown by the application's interceptors
      receiver.end();
      answer.completeExceptionally(e);
    }
    return answer;
  }

  /**
   * Returns a handler of an answer. The result is empty if the call failed with one of the codes,
   * such as UNIMPLEMENTED; for any other failure the handler throws {@link CompletionException}.
   */
  public static <T> BiFunction<@Nullable T, @Nullable Throwable, Optional<T>> emptyOn(
      BackendCode... codes) {
    Set<BackendCode> unknown = Set.of(codes);
    return (value, failure) -> {
      BackendCode code = StatusCodes.code(failure);
      if (failure == null || (code != null && unknown.contains(code))) {
        return Optional.ofNullable(value);
      }
      throw failure instanceof CompletionException e ? e : new CompletionException(failure);
    };
  }

  private static final class Answer<A> extends ClientCall.Listener<A> {
    private final OpenChannel channel;
    private final @Nullable WatchedCredentials credentials;
    private final CompletableFuture<A> result;
    private final AtomicBoolean ended = new AtomicBoolean();
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

    void end() {
      if (ended.compareAndSet(false, true)) {
        channel.end();
      }
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
      end();
      CallStatus end = channel.ended(status, trailers, headers, credentials);
      if (!status.isOk()) {
        result.completeExceptionally(end.failure());
      } else if (message == null) {
        result.completeExceptionally(StatusCodes.withoutAnswer());
      } else {
        result.complete(message);
      }
    }
  }
}
