package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import io.github.openaikserve.kserve.InferResponse;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A backend that forwards calls to another backend and records them in a file, which a {@link
 * ReplayBackend} can replay. Thread-safe. Requires {@code protobuf-java-util}.
 *
 * <p>Each line of the file is one event as protobuf JSON: a request, a response, the end of a call,
 * or a metadata query with its answer. The file contains prompts unless a {@link Redaction} changes
 * them. Of the headers, it contains only {@code x-request-id}, {@code traceparent}, {@code
 * tracestate} and {@code triton_grpc_error}. If the file system supports POSIX permissions, only
 * the owner can read the file.
 */
public final class RecordingBackend extends MetadataQueries {
  static final String CANCELLED = "CANCELLED_BY_CALLER";
  static final String MALFORMED = "MALFORMED";
  static final String OK = "OK";
  private static final Set<String> HEADERS =
      Set.of("x-request-id", "traceparent", "tracestate", "triton_grpc_error");

  private final InferenceBackend backend;
  private final EventFile file;
  private final Redaction redaction;
  private final AtomicInteger calls = new AtomicInteger();

  private RecordingBackend(InferenceBackend backend, EventFile file, Redaction redaction) {
    this.backend = backend;
    this.file = file;
    this.redaction = redaction;
  }

  /**
   * Creates a backend that records to a file. Truncates an existing file. Closing the other backend
   * remains the caller's responsibility.
   *
   * @param redaction replaces texts before they are written; {@link Redaction#none} to keep them
   * @throws IllegalStateException if {@code protobuf-java-util} is missing
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static RecordingBackend to(InferenceBackend backend, Path file, Redaction redaction) {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(redaction, "redaction");
    return new RecordingBackend(backend, new EventFile(file), redaction);
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    Flow.Publisher<InferResponse> made = backend.infer(call);
    var subscribed = new AtomicBoolean();
    return subscriber -> {
      Objects.requireNonNull(subscriber, "subscriber");
      if (subscribed.compareAndSet(false, true)) {
        var tap = new Tap(subscriber, calls.incrementAndGet());
        tap.write(false, event -> request(call, event));
        made.subscribe(tap);
      } else {
        made.subscribe(subscriber); // which rejects a second subscriber
      }
    };
  }

  private void request(InferCall call, RecordedEvent.Builder event) {
    var redactor = new Redactor(redaction);
    event.setRpc(call.rpc().name());
    call.metadata()
        .forEach(
            (name, value) -> {
              if (HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                event.putMetadata(name, redactor.text(Redaction.Place.METADATA, name, value));
              }
            });
    redactor.request(call.request(), event);
  }

  private void failure(Throwable failure, RecordedEvent.Builder event) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof DialectException) {
      event.setStatus(MALFORMED);
    } else if (cause instanceof BackendException known) {
      event.setStatus(known.backendCode().name()).setFromServer(known.saidByServer());
    } else { // breaks the contract; its message may contain anything
      event.setStatus(BackendCode.UNKNOWN.name());
      message = cause.getClass().getName();
    }
    event.setMessage(new Redactor(redaction).text(Redaction.Place.MESSAGE, "", message));
  }

  @Override
  <T> CompletionStage<Optional<T>> answer(Query<T> query) {
    return query
        .ask()
        .apply(backend)
        .whenComplete(
            (value, failure) -> file.write(true, event -> answer(query, value, failure, event)));
  }

  private <T> void answer(
      Query<T> query, Optional<T> value, @Nullable Throwable failure, RecordedEvent.Builder event) {
    event
        .setAsked(query.name().get(0))
        .setModelName(query.name().get(1))
        .setModelVersion(query.name().get(2));
    if (failure != null) {
      failure(failure, event);
      return;
    }
    value.ifPresent(known -> query.write().accept(event, known));
    if (event.hasModelConfig()) {
      new Redactor(redaction).config(event.getModelConfigBuilder());
    }
  }

  @Override
  public CompletionStage<Boolean> loadModel(String modelName) {
    return backend.loadModel(modelName);
  }

  @Override
  public CompletionStage<Boolean> unloadModel(String modelName) {
    return backend.unloadModel(modelName);
  }

  /**
   * Closes the file, but not the other backend. Later events are not recorded.
   *
   * @throws IllegalStateException if the recording is incomplete, with the reason as its cause
   */
  @Override
  public void close() {
    file.close();
  }

  /** A subscriber that records the signals of one call. */
  private final class Tap implements Flow.Subscriber<InferResponse>, Flow.Subscription {
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private final int number;
    private volatile Flow.@Nullable Subscription upstream;

    // Guarded by this, so that no event of a call is written after its end.
    private boolean ended;

    Tap(Flow.Subscriber<? super InferResponse> subscriber, int number) {
      this.subscriber = subscriber;
      this.number = number;
    }

    synchronized void write(boolean last, Consumer<RecordedEvent.Builder> fields) {
      if (!ended) {
        ended = last;
        file.write(last, event -> fields.accept(event.setCall(number)));
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      upstream = subscription;
      subscriber.onSubscribe(this);
    }

    @Override
    public void onNext(InferResponse response) {
      write(false, event -> new Redactor(redaction).response(response, event));
      subscriber.onNext(response);
    }

    @Override
    public void onError(Throwable failure) {
      write(true, event -> failure(failure, event));
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      write(true, event -> event.setStatus(OK));
      subscriber.onComplete();
    }

    @Override
    public void request(long n) {
      Objects.requireNonNull(upstream).request(n);
    }

    @Override
    public void cancel() {
      write(true, event -> event.setStatus(CANCELLED));
      Objects.requireNonNull(upstream).cancel();
    }
  }
}
