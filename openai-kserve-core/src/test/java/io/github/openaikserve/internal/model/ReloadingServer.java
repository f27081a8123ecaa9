package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.ServerErrors;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Triton whose models are loaded, unloaded and replaced. It refuses inputs that a model does not
 * declare in Triton's words, and counts what it is asked. Calls are answered when a test says so.
 */
final class ReloadingServer implements InferenceBackend {
  /** The inputs of Triton's vLLM backend of 24.04. */
  static final List<String> VLLM_24_04 =
      List.of("text_input", "stream", "sampling_parameters", "exclude_input_in_output");

  /** Those of 25.12. */
  static final List<String> VLLM_25_12 =
      List.of(
          "text_input",
          "image",
          "stream",
          "sampling_parameters",
          "exclude_input_in_output",
          "return_finish_reason",
          "return_num_input_tokens",
          "return_num_output_tokens",
          "return_logprobs",
          "embedding_request");

  private static final List<String> FLAGS =
      List.of(
          "stream",
          "exclude_input_in_output",
          "return_finish_reason",
          "return_num_input_tokens",
          "return_num_output_tokens",
          "return_logprobs");

  /** A model in the repository; without inputs it is not loaded. */
  private record Entry(String version, String state, String reason, List<String> inputs) {}

  private final Map<String, Entry> models = new LinkedHashMap<>();
  private final List<RepositoryIndexEntry> further = new ArrayList<>();
  private final List<CompletableFuture<Flow.Publisher<InferResponse>>> held = new ArrayList<>();
  private Supplier<CompletionStage<Optional<ModelMetadata>>> described = () -> null;
  private boolean describes = true;
  private @Nullable Supplier<BackendException> failure;
  private @Nullable BackendCode configurationFailure;
  private boolean holds;
  private boolean lists = true;
  private boolean reportsItself = true;
  private boolean reportsModels;
  private boolean versioned;
  private Optional<Boolean> ready = Optional.of(true);
  int descriptions;
  int listings;
  int calls;
  int refusals;
  int silences;

  ReloadingServer has(String name, String version, List<String> inputs) {
    models.put(name, new Entry(version, "READY", "", inputs));
    return this;
  }

  ReloadingServer hasVllm(String name, List<String> inputs) {
    return has(name, "1", inputs);
  }

  /** A model that cannot be called, in this state. */
  ReloadingServer lists(String name, String state, String reason) {
    models.put(name, new Entry("1", state, reason, List.of()));
    return this;
  }

  /** Writes this state of a model that is loaded. */
  ReloadingServer writes(String name, String state) {
    models.computeIfPresent(
        name, (same, m) -> new Entry(m.version(), state, m.reason(), m.inputs()));
    return this;
  }

  /** Lists another version of a model. */
  ReloadingServer alsoListing(String name, String version, String state) {
    further.add(new RepositoryIndexEntry(name, version, state, ""));
    return this;
  }

  ReloadingServer removes(String name) {
    models.remove(name);
    return this;
  }

  /** Makes questions about models end as given; null for the server's own answers. */
  ReloadingServer describing(Supplier<CompletionStage<Optional<ModelMetadata>>> answer) {
    described = answer;
    describes = false;
    return this;
  }

  ReloadingServer describingAgain() {
    describes = true;
    return this;
  }

  /** Fails each call as a server that says so. */
  ReloadingServer failing(BackendCode code, String words) {
    failure = () -> ServerErrors.of(code, words);
    return this;
  }

  ReloadingServer answeringAgain() {
    failure = null;
    return this;
  }

  /** Fails questions about the configuration. */
  ReloadingServer failingConfiguration(BackendCode code) {
    configurationFailure = code;
    return this;
  }

  ReloadingServer withoutIndex() {
    lists = false;
    return this;
  }

  ReloadingServer listingAgain() {
    lists = true;
    return this;
  }

  ReloadingServer withoutMetadata() {
    reportsItself = false;
    return this;
  }

  /** Makes the server report which models are ready. */
  ReloadingServer reportingModels() {
    reportsModels = true;
    return this;
  }

  /** Makes the server know the versions of its models, and no other. */
  ReloadingServer versioned() {
    versioned = true;
    return this;
  }

  ReloadingServer ready(Optional<Boolean> isReady) {
    ready = isReady;
    return this;
  }

  /** Keeps the answers to calls until {@link #release}. */
  ReloadingServer holding() {
    holds = true;
    return this;
  }

  void release() {
    holds = false;
    List.copyOf(held).forEach(answer -> answer.complete(null));
    held.clear();
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    calls++;
    if (!holds) {
      return answer(call);
    }
    var answer = new CompletableFuture<Flow.Publisher<InferResponse>>();
    held.add(answer);
    return Publishers.fromFuture(
        () -> answer.handle((released, failure) -> answer(call)).toCompletableFuture());
  }

  private Flow.Publisher<InferResponse> answer(InferCall call) {
    if (failure != null) {
      return Publishers.error(failure.get());
    }
    String name = call.request().modelName();
    Entry model = models.get(name);
    if (model == null || model.inputs().isEmpty()) {
      return refusal(
          model == null
              ? "Request for unknown model: '" + name + "' is not found"
              : "Request for unknown model: '" + name + "' has no available versions");
    }
    List<String> sent = call.request().inputs().stream().map(Tensor::name).toList();
    if (sent.size() > model.inputs().size()) {
      return refusal(
          "[request id: <id_unknown>] expected number of inputs between 1 and %d but got %d inputs for model '%s'"
              .formatted(model.inputs().size(), sent.size(), name));
    }
    if (!model.inputs().containsAll(sent)) {
      return refusal("unexpected inference input for model '" + name + "'");
    }
    return Publishers.fromIterable(
        List.of(InferResponse.of(Tensor.text("text_output", "from " + name))));
  }

  private Flow.Publisher<InferResponse> refusal(String words) {
    refusals++;
    return Publishers.error(ServerErrors.of(BackendCode.UNKNOWN, words));
  }

  @Override
  public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    silences++;
    return CompletableFuture.completedFuture(
        reportsItself
            ? Optional.of(new ServerMetadata("triton", "2.60.0", List.of()))
            : Optional.empty());
  }

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return CompletableFuture.completedFuture(ready);
  }

  @Override
  public CompletionStage<Optional<ModelMetadata>> modelMetadata(String name, String version) {
    descriptions++;
    if (!describes) {
      return described.get();
    }
    return CompletableFuture.completedFuture(
        loaded(name, version).map(model -> metadata(name, model)));
  }

  private Optional<Entry> loaded(String name, String version) {
    return Optional.ofNullable(models.get(name))
        .filter(model -> !model.inputs().isEmpty())
        .filter(model -> !versioned || version.isEmpty() || version.equals(model.version()));
  }

  @Override
  public CompletionStage<Optional<Boolean>> modelReady(String name, String version) {
    return CompletableFuture.completedFuture(
        reportsModels ? Optional.of(loaded(name, version).isPresent()) : Optional.empty());
  }

  private static ModelMetadata metadata(String name, Entry model) {
    return new ModelMetadata(
        name,
        List.of(model.version()),
        "vllm",
        model.inputs().stream().map(input -> tensor(input)).toList(),
        List.of(tensor("text_output")));
  }

  private static TensorMetadata tensor(String name) {
    return new TensorMetadata(name, FLAGS.contains(name) ? "BOOL" : "BYTES", List.of(1L));
  }

  @Override
  public CompletionStage<Optional<ModelConfig>> modelConfig(String name, String version) {
    if (configurationFailure != null) {
      return CompletableFuture.failedFuture(ServerErrors.of(configurationFailure, "later"));
    }
    // The real backend requires this input, also of requests for embeddings.
    List<String> required =
        loaded(name, version).map(Entry::inputs).orElse(List.of()).stream()
            .filter("text_input"::equals)
            .toList();
    return CompletableFuture.completedFuture(
        Optional.of(new ModelConfig(name, "", "vllm", 0, true, Map.of(), required)));
  }

  @Override
  public CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
    listings++;
    return CompletableFuture.completedFuture(
        lists
            ? Optional.of(
                Stream.concat(
                        models.entrySet().stream().map(e -> row(e.getKey(), e.getValue())),
                        further.stream())
                    .toList())
            : Optional.empty());
  }

  private static RepositoryIndexEntry row(String name, Entry model) {
    return new RepositoryIndexEntry(name, model.version(), model.state(), model.reason());
  }
}
