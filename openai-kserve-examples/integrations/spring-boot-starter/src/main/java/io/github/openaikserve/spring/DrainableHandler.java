package io.github.openaikserve.spring;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A handler that tracks streams until they are completely written. Thread-safe. */
final class DrainableHandler implements OpenAiHandler {
  private final OpenAiHandler handler;

  // Guarded by this.
  private int open;

  DrainableHandler(OpenAiHandler handler) {
    this.handler = handler;
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    return handler.handle(request).thenApply(this::tracked);
  }

  @Override
  public Optional<ApiResponse> reject(ApiRequest head) {
    return handler.reject(head);
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return handler.refuse(request, error);
  }

  private ApiResponse tracked(ApiResponse response) {
    ApiBody body = response.body();
    if (body.length() >= 0) {
      return response;
    }
    var stream = new Stream(body);
    return new ApiResponse(
        response.status(), response.headers(), ApiBody.streaming(stream, stream::close));
  }

  private synchronized void begin() {
    open++;
  }

  private synchronized void end() {
    open--;
    notifyAll();
  }

  /** Returns whether a stream is not completely written. */
  synchronized boolean isStreaming() {
    return open > 0;
  }

  /**
   * Waits until all streams are written or cancelled.
   *
   * @return false if the timeout expired first
   */
  synchronized boolean awaitWritten(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (open > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** A streamed body, from its response to its end. */
  private final class Stream implements Flow.Publisher<ByteBuffer> {
    private final ApiBody body;
    private final AtomicBoolean ended = new AtomicBoolean();

    Stream(ApiBody body) {
      this.body = body;
      begin();
    }

    void close() {
      body.close();
      written();
    }

    private void written() {
      if (ended.compareAndSet(false, true)) {
        end();
      }
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      body.subscribe(
          new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
              subscriber.onSubscribe(
                  new Flow.Subscription() {
                    @Override
                    public void request(long n) {
                      subscription.request(n);
                    }

                    @Override
                    public void cancel() {
                      subscription.cancel();
                      written();
                    }
                  });
            }

            @Override
            public void onNext(ByteBuffer buffer) {
              subscriber.onNext(buffer);
            }

            @Override
            public void onError(Throwable failure) {
              subscriber.onError(failure);
              written();
            }

            @Override
            public void onComplete() {
              subscriber.onComplete();
              written();
            }
          });
    }
  }
}
