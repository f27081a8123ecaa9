package io.github.openaikserve.httpclient;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber that collects the bytes of a request body, up to a limit. */
final class RequestBytes implements Flow.Subscriber<ByteBuffer> {
  /** The exception for a body that is larger than the limit. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    private final String message;

    TooLargeException(long limit) {
      message = "The request body is larger than %d bytes.".formatted(limit);
    }

    @Override
    public String getMessage() {
      return message;
    }

    InvalidRequestException refusal() {
      return new InvalidRequestException(413, "request_too_large", null, message);
    }
  }

  private final int limit;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CancellationPropagatingFuture<byte[]> all = new CancellationPropagatingFuture<>();
  private Flow.@Nullable Subscription subscription;

  private RequestBytes(int limit) {
    this.limit = limit;
  }

  /**
   * Returns a future of the publisher's bytes. Reads nothing if the announced length exceeds the
   * limit. Cancelling the future cancels the subscription.
   */
  static CompletableFuture<byte[]> read(HttpRequest.BodyPublisher publisher, int limit) {
    if (publisher.contentLength() > limit) {
      return CompletableFuture.failedFuture(new TooLargeException(limit));
    }
    var subscriber = new RequestBytes(limit);
    publisher.subscribe(subscriber);
    return subscriber.all;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    if (this.subscription != null) {
      subscription.cancel();
      return;
    }
    this.subscription = subscription;
    all.onAbandon(subscription::cancel);
    subscription.request(1);
  }

  @Override
  public void onNext(ByteBuffer buffer) {
    Flow.Subscription current = subscription;
    if (current == null || all.isDone()) {
      return;
    }
    if (buffer.remaining() > limit - bytes.size()) {
      current.cancel();
      all.fail(new TooLargeException(limit));
      return;
    }
    byte[] piece = new byte[buffer.remaining()];
    buffer.get(piece);
    bytes.writeBytes(piece);
    current.request(1);
  }

  @Override
  public void onError(Throwable failure) {
    all.fail(failure);
  }

  @Override
  public void onComplete() {
    all.succeed(bytes.toByteArray());
  }
}
