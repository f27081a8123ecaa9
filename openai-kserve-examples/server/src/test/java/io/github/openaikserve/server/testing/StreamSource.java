package io.github.openaikserve.server.testing;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** A stream whose events a test sends, and that reports its cancellation. */
public final class StreamSource implements Flow.Publisher<ByteBuffer>, Flow.Subscription {
  public final CompletableFuture<Flow.Subscriber<? super ByteBuffer>> subscriber =
      new CompletableFuture<>();
  public final CompletableFuture<Long> cancelled = new CompletableFuture<>();
  public final AtomicLong demand = new AtomicLong();

  public Script asScript() {
    return new Script(request -> CompletableFuture.completedFuture(response()));
  }

  public ApiResponse response() {
    return new ApiResponse(
        200,
        Map.of("content-type", "text/event-stream"),
        ApiBody.streaming(this, () -> cancelled.complete(System.nanoTime())));
  }

  public void send(String event) {
    subscriber.join().onNext(ByteBuffer.wrap(event.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> wanting) {
    wanting.onSubscribe(this);
    subscriber.complete(wanting);
  }

  @Override
  public void request(long n) {
    demand.addAndGet(n);
  }

  @Override
  public void cancel() {
    cancelled.complete(System.nanoTime());
  }
}
