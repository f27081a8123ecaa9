package io.github.openaikserve.benchmarks;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Requests a stream from a handler and reads it, one buffer at a time. */
record StreamedAnswer(OpenAiHandler handler, ApiRequest request) {
  private static final long BYTES_PER_TOKEN = 100;

  /** Reads the whole stream; returns its bytes, which must suffice for this number of tokens. */
  long read(int tokens) {
    var reader = new Reader();
    handler.handle(request).toCompletableFuture().join().body().subscribe(reader);
    return reader.checked(tokens);
  }

  /** Counts bytes. */
  static final class Reader implements Flow.Subscriber<ByteBuffer> {
    private Flow.@Nullable Subscription subscription;
    private long bytes;
    private boolean done;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      bytes += buffer.remaining();
      Flow.Subscription current = subscription;
      if (current != null) {
        current.request(1);
      }
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {
      done = true;
    }

    long checked(int tokens) {
      if (!done || bytes < BYTES_PER_TOKEN * tokens) {
        throw new AssertionError("only " + bytes + " bytes, done: " + done);
      }
      return bytes;
    }
  }
}
