package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.kserve.ServerMetadata;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A backend that says again what a {@link RecordingBackend} wrote down. Thread-safe.
 *
 * <p>A call is answered as the first recorded one that it matches and that has not been made yet:
 * with its responses, then its end. A call that was cancelled falls silent after what came before.
 * A call that matches none fails with FAILED_PRECONDITION and says how it differs from the nearest.
 * What the server was asked about itself is answered in order, the last answer again and again;
 * what it was not asked is unknown.
 */
public final class ReplayBackend implements InferenceBackend {
  private final Recording recording;
  private final ReplayOptions options;
  private final AtomicInteger cancellations = new AtomicInteger();

  // Guarded by this.
  private final List<RecordedCall> remaining;
  private final List<InferCall> made = new ArrayList<>();
  private final List<String> mismatches = new ArrayList<>();
  private boolean closed;

  private ReplayBackend(Recording recording, ReplayOptions options) {
    this.recording = recording;
    this.options = options;
    this.remaining = new ArrayList<>(recording.calls());
  }

  /**
   * Replays a file.
   *
   * @throws UncheckedIOException if it cannot be read
   * @throws IllegalArgumentException if it is no recording, naming the line
   */
  public static ReplayBackend from(Path file) {
    return from(file, options -> {});
  }

  /**
   * The same, with options.
   *
   * @throws UncheckedIOException if it cannot be read
   * @throws IllegalArgumentException if it is no recording, naming the line
   */
  public static ReplayBackend from(Path file, Consumer<ReplayOptions> configure) {
    try (InputStream in = Files.newInputStream(file)) {
      return from(in, String.valueOf(file.getFileName()), configure);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot replay " + file, e);
    }
  }

  /**
   * Replays what a stream gives, such as a resource of the class path. Reads it to its end and does
   * not close it.
   *
   * @param name what the recording is called in messages
   * @throws UncheckedIOException if it cannot be read
   * @throws IllegalArgumentException if it is no recording, naming the line
   */
  public static ReplayBackend from(
      InputStream recording, String name, Consumer<ReplayOptions> configure) {
    var options = new ReplayOptions();
    configure.accept(options);
    // A cut last line may end in the middle of a character, which must not stop the reader.
    var lines = new BufferedReader(new InputStreamReader(recording, StandardCharsets.UTF_8));
    try {
      return new ReplayBackend(Recording.read(name, lines), options);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot replay " + name, e);
    }
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    Objects.requireNonNull(call, "call");
    return new FakeCall(call, this::begin, cancellations::incrementAndGet, null);
  }

  private synchronized Reply begin(InferCall call) {
    made.add(call);
    if (closed) {
      return Reply.failing(new BackendException(BackendCode.UNAVAILABLE, "The backend is closed."));
    }
    for (RecordedCall candidate : remaining) {
      if (Differences.between(candidate, call, options).areNone()) {
        remaining.remove(candidate);
        return candidate.reply(options.isTimed());
      }
    }
    List<RecordedCall> known =
        recording.calls().stream()
            .filter(candidate -> Differences.between(candidate, call, options).areNone())
            .toList();
    if (options.isRepeating() && !known.isEmpty()) {
      return known.get(known.size() - 1).reply(options.isTimed());
    }
    String message =
        known.isEmpty()
            ? unlike(call)
            : "The call was recorded %d times (%s) and is made once more."
                .formatted(known.size(), known.get(0).where());
    mismatches.add(message);
    return Reply.failing(new BackendException(BackendCode.FAILED_PRECONDITION, message));
  }

  private String unlike(InferCall call) {
    RecordedCall nearest = null;
    Differences fewest = null;
    for (RecordedCall candidate : recording.calls()) {
      Differences differences = Differences.between(candidate, call, options);
      if (fewest == null || differences.weight() < fewest.weight()) {
        nearest = candidate;
        fewest = differences;
      }
    }
    return nearest == null
        ? "The recording has no calls."
        : "The recording has no such call. The nearest is at %s: %s."
            .formatted(nearest.where(), fewest);
  }

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return told(Question.of(Question.Kind.READY), line -> line.bool("answer"));
  }

  @Override
  public CompletionStage<Optional<Boolean>> modelReady(String modelName, String modelVersion) {
    return told(
        new Question(Question.Kind.MODEL_READY, modelName, modelVersion),
        line -> line.bool("answer"));
  }

  @Override
  public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return told(
        Question.of(Question.Kind.SERVER_METADATA),
        line -> KnowledgeForm.server(line.object("answer")));
  }

  @Override
  public CompletionStage<Optional<ModelMetadata>> modelMetadata(
      String modelName, String modelVersion) {
    return told(
        new Question(Question.Kind.MODEL_METADATA, modelName, modelVersion),
        line -> KnowledgeForm.model(line.object("answer")));
  }

  @Override
  public CompletionStage<Optional<ModelConfig>> modelConfig(String modelName, String modelVersion) {
    return told(
        new Question(Question.Kind.MODEL_CONFIG, modelName, modelVersion),
        line -> KnowledgeForm.config(line.object("answer")));
  }

  @Override
  public CompletionStage<Optional<List<RepositoryModel>>> repositoryIndex() {
    return told(
        Question.of(Question.Kind.REPOSITORY_INDEX),
        line -> line.objects("answer").stream().map(KnowledgeForm::listed).toList());
  }

  private synchronized <T> CompletionStage<Optional<T>> told(
      Question question, Function<Fields, T> read) {
    Deque<Fields> lines = recording.answers().get(question);
    if (lines == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Fields line = lines.size() == 1 ? lines.element() : lines.remove();
    try {
      OpenAiException failure = FailureForm.read(line);
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      Optional<T> answer =
          line.get("answer") == null ? Optional.empty() : Optional.of(read.apply(line));
      return CompletableFuture.completedFuture(answer);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The calls that were made, in order: those whose publisher was subscribed to. */
  public synchronized List<InferCall> calls() {
    return List.copyOf(made);
  }

  /** How many calls were cancelled before they had ended. */
  public int cancellations() {
    return cancellations.get();
  }

  /** How many recorded calls have not been made. */
  public synchronized int remaining() {
    return remaining.size();
  }

  /** What was said of each call that failed because it was not recorded, in order. */
  public synchronized List<String> mismatches() {
    return List.copyOf(mismatches);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
