package io.github.openaikserve.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads a body as far as it is told to, and holds its publisher to the rules. */
final class Reader implements Flow.Subscriber<ByteBuffer> {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Flow.@Nullable Subscription subscription;
  private long demand;
  private boolean ended;
  private @Nullable Throwable failure;

  boolean ended() {
    return ended;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  void request(long n) {
    if (subscription != null) {
      demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      subscription.request(n);
    }
  }

  void requestNothing() {
    if (subscription != null) {
      subscription.request(0);
    }
  }

  void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    if (this.subscription != null) {
      throw new AssertionError("subscribed twice");
    }
    this.subscription = subscription;
  }

  @Override
  public void onNext(ByteBuffer item) {
    if (ended || demand-- == 0) {
      throw new AssertionError(ended ? "bytes after the end" : "bytes that were not asked for");
    }
    byte[] copy = new byte[item.remaining()];
    item.get(copy);
    bytes.writeBytes(copy);
  }

  @Override
  public void onError(Throwable failure) {
    end();
    this.failure = failure;
  }

  @Override
  public void onComplete() {
    end();
  }

  private void end() {
    if (ended) {
      throw new AssertionError("ended twice");
    }
    ended = true;
  }
}
