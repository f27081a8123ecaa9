package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.kserve.ServerMetadata;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A backend that writes down what passes between its caller and another backend, for a {@link
 * ReplayBackend} to say again. Thread-safe.
 *
 * <p>Changes nothing of what passes. The file has one JSON object per line, in the order of events:
 * requests, responses, ends and cancellations of calls, each with the milliseconds since the
 * recording began, and what the server told about itself. Lines of calls that run at the same time
 * are mixed, and {@code call} tells them apart. Only headers that are known to be harmless are
 * written, and texts can be redacted; prompts are in the file unless they are. Only the file's
 * owner may read it, where the file system has such permissions.
 */
public final class RecordingBackend implements InferenceBackend {
  private final InferenceBackend backend;
  private final RecordingFile file;
  private final RecordingOptions options;
  private final AtomicInteger calls = new AtomicInteger();

  private RecordingBackend(InferenceBackend backend, RecordingFile file, RecordingOptions options) {
    this.backend = backend;
    this.file = file;
    this.options = options;
  }

  /**
   * Records to a file, which is begun anew.
   *
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static RecordingBackend to(InferenceBackend backend, Path file) {
    return to(backend, file, options -> {});
  }

  /**
   * The same, with options.
   *
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static RecordingBackend to(
      InferenceBackend backend, Path file, Consumer<RecordingOptions> configure) {
    Objects.requireNonNull(backend, "backend");
    var options = new RecordingOptions();
    configure.accept(options);
    return new RecordingBackend(backend, RecordingFile.create(file), options);
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return new RecordedPublisher(backend.infer(call), call, calls::incrementAndGet, file, options);
  }

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return told(Question.of(Question.Kind.READY), backend.ready(), ready -> ready);
  }

  @Override
  public CompletionStage<Optional<Boolean>> modelReady(String modelName, String modelVersion) {
    return told(
        new Question(Question.Kind.MODEL_READY, modelName, modelVersion),
        backend.modelReady(modelName, modelVersion),
        ready -> ready);
  }

  @Override
  public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return told(
        Question.of(Question.Kind.SERVER_METADATA), backend.serverMetadata(), KnowledgeForm::write);
  }

  @Override
  public CompletionStage<Optional<ModelMetadata>> modelMetadata(
      String modelName, String modelVersion) {
    return told(
        new Question(Question.Kind.MODEL_METADATA, modelName, modelVersion),
        backend.modelMetadata(modelName, modelVersion),
        KnowledgeForm::write);
  }

  @Override
  public CompletionStage<Optional<ModelConfig>> modelConfig(String modelName, String modelVersion) {
    return told(
        new Question(Question.Kind.MODEL_CONFIG, modelName, modelVersion),
        backend.modelConfig(modelName, modelVersion),
        config -> KnowledgeForm.write(config, options.redaction()));
  }

  @Override
  public CompletionStage<Optional<List<RepositoryModel>>> repositoryIndex() {
    return told(
        Question.of(Question.Kind.REPOSITORY_INDEX),
        backend.repositoryIndex(),
        KnowledgeForm::write);
  }

  /**
   * Closes the file, and not the backend. What passes from now on is not recorded.
   *
   * @throws IllegalStateException if the recording is not whole, with the reason as its cause
   */
  @Override
  public void close() {
    file.close();
  }

  private <T> CompletionStage<Optional<T>> told(
      Question question, CompletionStage<Optional<T>> answer, Function<T, Object> write) {
    return answer.whenComplete(
        (told, failure) ->
            file.write(
                true,
                () -> {
                  Map<String, @Nullable Object> line = question.write();
                  line.put("ms", file.now());
                  if (failure == null) {
                    line.put("answer", told.map(write).orElse(null));
                  } else {
                    FailureForm.write(line, failure, options.redaction());
                  }
                  return line;
                }));
  }
}
