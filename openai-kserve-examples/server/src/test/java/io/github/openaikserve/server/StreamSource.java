package io.github.openaikserve.server;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** A stream of which a test says the events, and that tells when nobody wants it any more. */
final class StreamSource implements Flow.Publisher<ByteBuffer>, Flow.Subscription {
  final CompletableFuture<Flow.Subscriber<? super ByteBuffer>> subscriber =
      new CompletableFuture<>();
  final CompletableFuture<Long> cancelled = new CompletableFuture<>();
  final AtomicLong demand = new AtomicLong();

  Script asScript() {
    return new Script(request -> CompletableFuture.completedFuture(response()));
  }

  ApiResponse response() {
    return new ApiResponse(
        200,
        Map.of("content-type", "text/event-stream"),
        ApiBody.streaming(this, () -> cancelled.complete(System.nanoTime())));
  }

  void send(String event) {
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
