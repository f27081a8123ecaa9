package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.kserve.InferResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** One call that is written down while it passes. */
final class RecordedPublisher implements Flow.Publisher<InferResponse> {
  private final Flow.Publisher<InferResponse> publisher;
  private final InferCall call;
  private final IntSupplier numbers;
  private final RecordingFile file;
  private final RecordingOptions options;
  private final AtomicBoolean subscribed = new AtomicBoolean();

  RecordedPublisher(
      Flow.Publisher<InferResponse> publisher,
      InferCall call,
      IntSupplier numbers,
      RecordingFile file,
      RecordingOptions options) {
    this.publisher = publisher;
    this.call = call;
    this.numbers = numbers;
    this.file = file;
    this.options = options;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      publisher.subscribe(subscriber); // which refuses it: no second call is made
      return;
    }
    var tap = new Tap(subscriber, numbers.getAsInt());
    tap.write(
        false,
        line ->
            line.put("request", MessageForm.write(call, options.redaction(), options::withholds)));
    publisher.subscribe(tap);
  }

  private final class Tap implements Flow.Subscriber<InferResponse>, Flow.Subscription {
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private final int number;
    private volatile Flow.@Nullable Subscription upstream;

    // Guarded by this, so that nothing of a call is written after its end.
    private boolean ended;

    Tap(Flow.Subscriber<? super InferResponse> subscriber, int number) {
      this.subscriber = subscriber;
      this.number = number;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      upstream = subscription;
      subscriber.onSubscribe(this);
    }

    @Override
    public void onNext(InferResponse response) {
      write(false, line -> line.put("response", MessageForm.write(response, options.redaction())));
      subscriber.onNext(response);
    }

    @Override
    public void onError(Throwable failure) {
      write(true, line -> FailureForm.write(line, failure, options.redaction()));
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      write(true, line -> line.put(FailureForm.STATUS, "OK"));
      subscriber.onComplete();
    }

    @Override
    public void request(long n) {
      Objects.requireNonNull(upstream).request(n);
    }

    @Override
    public void cancel() {
      write(true, line -> line.put("cancelled", true));
      Objects.requireNonNull(upstream).cancel();
    }

    synchronized void write(boolean last, Consumer<Map<String, @Nullable Object>> event) {
      if (ended) {
        return;
      }
      ended = last;
      file.write(
          last,
          () -> {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("call", number);
            line.put("ms", file.now());
            event.accept(line);
            return line;
          });
    }
  }
}
