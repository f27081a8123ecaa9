package io.github.openaikserve.server.limits;

import io.github.openaikserve.http.ApiBody;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A streamed body that reports its end: completed, failed, cancelled or closed. */
record TrackedBody(ApiBody body, Runnable end) implements Flow.Publisher<ByteBuffer> {
  /** Returns a body with the same bytes; {@code end} may run more than once. */
  static ApiBody of(ApiBody body, Runnable end) {
    return ApiBody.streaming(
        new TrackedBody(body, end),
        () -> {
          body.close();
          end.run();
        });
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
                    end.run();
                  }
                });
          }

          @Override
          public void onNext(ByteBuffer bytes) {
            subscriber.onNext(bytes);
          }

          @Override
          public void onError(Throwable failure) {
            end.run();
            subscriber.onError(failure);
          }

          @Override
          public void onComplete() {
            end.run();
            subscriber.onComplete();
          }
        });
  }
}
