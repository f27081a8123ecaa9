package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelCheck.Outcome;
import io.github.openaikserve.dialect.ModelSettings;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.time.Scheduler;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A checker of a route against the metadata of the models that it calls. */
final class ModelChecker {
  /**
   * A query about a model of the server.
   *
   * @param mismatches compares the route's tensors with those that the server declares
   * @param required whether the route cannot work without the model
   */
  private record MetadataQuery(
      String modelName,
      String version,
      Function<ModelDescription, List<String>> mismatches,
      boolean required) {}

  private final Scheduler scheduler;

  ModelChecker(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Returns the message of a failure. */
  static String reason(Throwable failure) {
    Throwable cause = Futures.cause(failure);
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  /** Returns the settings of a route's calls. */
  static ModelSettings settings(Route route, String reason) {
    Dialect dialect = route.dialect();
    Dialect embeddings = route.dialect(RequestKind.EMBEDDING);
    Map<RequestKind, String> others = new EnumMap<>(RequestKind.class);
    route.others().forEach((kind, other) -> others.put(kind, other.name()));
    ModelFormat format = route.chat().format();
    ToolCallFormat toolCalls = format.toolCalls();
    ReasoningFormat reasoning = format.reasoning();
    return new ModelSettings(
        route.id(),
        dialect == null ? null : dialect.name(),
        embeddings == null ? null : embeddings.name(),
        reason,
        dialect != null && call(route, dialect, true).rpc() == Rpc.MODEL_STREAM_INFER,
        toolCalls == null ? null : toolCalls.name(),
        reasoning == null ? null : reasoning.name(),
        format.evidence(),
        others);
  }

  /** Checks models. Never fails. */
  CompletableFuture<List<ModelCheck>> check(List<RegisteredModel> models) {
    List<CompletableFuture<ModelCheck>> checks = models.stream().map(this::check).toList();
    return CompletableFuture.allOf(checks.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> checks.stream().map(CompletableFuture::join).toList());
  }

  /** Checks a model. Never fails. */
  CompletableFuture<ModelCheck> check(RegisteredModel model) {
    return model
        .route()
        .thenCompose(this::check)
        .exceptionally(
            failure -> {
              String missing = model.missingReason();
              return missing.isEmpty()
                  ? new ModelCheck(model.id(), outcome(failure), List.of(reason(failure)))
                  : new ModelCheck(model.id(), Outcome.MISSING, List.of(missing));
            });
  }

  private static Outcome outcome(Throwable failure) {
    return Futures.cause(failure) instanceof DialectException
        ? Outcome.UNKNOWN
        : Outcome.UNREACHABLE;
  }

  private CompletableFuture<ModelCheck> check(Route route) {
    Map<String, MetadataQuery> questions = new LinkedHashMap<>();
    if (route.dialect() != null) {
      for (boolean stream : new boolean[] {false, true}) {
        MetadataQuery question = question(route, route.dialect(), stream);
        questions.putIfAbsent("text " + question.modelName(), question);
      }
    }
    route
        .others()
        .forEach(
            (kind, dialect) -> {
              MetadataQuery question = question(route, dialect, kind);
              questions.put(dialect.name() + " tensors " + question.modelName(), question);
            });
    List<CompletableFuture<ModelCheck>> answers =
        questions.values().stream().map(question -> answer(route, question)).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> worst(route, answers.stream().map(CompletableFuture::join).toList()));
  }

  private static MetadataQuery question(Route route, Dialect dialect, boolean stream) {
    InferCall call = call(route, dialect, stream);
    return new MetadataQuery(
        call.request().modelName(), call.request().modelVersion(), dialect::mismatches, true);
  }

  /** Returns a minimal call. */
  private static InferCall call(Route route, Dialect dialect, boolean stream) {
    var smallest =
        new Generation(route.modelName(), route.modelVersion(), Map.of(RequestField.PROMPT, ""));
    return dialect.encode(smallest.withStream(stream));
  }

  /**
   * Returns the query for requests answered by tensors. They are optional for a model that
   * generates text.
   */
  private static MetadataQuery question(Route route, Dialect dialect, RequestKind kind) {
    InferCall call = dialect.encode(smallest(route, kind));
    boolean generates = route.dialect() != null;
    return new MetadataQuery(
        call.request().modelName(),
        call.request().modelVersion(),
        generates
            ? description -> dialect.mismatches(withoutRequiredInputs(description))
            : dialect::mismatches,
        !generates);
  }

  private static InputBatch smallest(Route route, RequestKind kind) {
    List<String> texts = List.of("text");
    Map<RequestField, Object> values =
        switch (kind) {
          case SCORE ->
              Map.of(
                  RequestField.QUERY,
                  "text",
                  RequestField.QUERIES,
                  texts,
                  RequestField.DOCUMENTS,
                  texts,
                  RequestField.TEXT_PAIRS,
                  List.of(List.of("text", "text")));
          case TRANSCRIPTION -> Map.of(RequestField.AUDIO_FILE, ByteBuffer.allocate(1));
          case SPEECH -> Map.of(RequestField.SPEECH_TEXT, "text");
          case EMBEDDING, CLASSIFICATION, CHAT, COMPLETION -> Map.of(RequestField.INPUT, texts);
        };
    return new InputBatch(route.modelName(), route.modelVersion(), kind, 1, values);
  }

  /**
   * Returns the description without the required inputs of the configuration. A model that also
   * generates text requires inputs that only a generation uses. Triton checks only the number of
   * inputs of a request, not the names of required ones.
   *
   * <p>Source: {@code triton-inference-server/vllm_backend}: {@code src/model.py}, which also
   * requires {@code text_input} for embedding requests; {@code triton-inference-server/core}:
   * {@code src/infer_request.cc}, {@code Normalize}.
   */
  private static ModelDescription withoutRequiredInputs(ModelDescription description) {
    return new ModelDescription(
        description.modelName(), description.server(), description.metadata(), Optional.empty());
  }

  private CompletableFuture<ModelCheck> answer(Route route, MetadataQuery question) {
    return SingleFlight.ask(
            () -> ModelDescription.read(route.backend(), question.modelName(), question.version()),
            SingleFlight.TIMEOUT,
            scheduler)
        .thenApply(description -> compare(route, question, description))
        .thenCompose(
            check ->
                check.outcome() == Outcome.UNDECLARED && question.required()
                    ? exists(route, question, check)
                    : CompletableFuture.completedFuture(check));
  }

  /** Queries a server that declares no tensors whether it has the model. */
  private CompletableFuture<ModelCheck> exists(
      Route route, MetadataQuery question, ModelCheck check) {
    return SingleFlight.ask(
            () -> ModelState.of(route.backend(), question.modelName(), question.version()),
            SingleFlight.TIMEOUT,
            scheduler)
        .exceptionally(failure -> ModelState.UNREPORTED)
        .thenApply(
            state -> {
              String reason = state.reason(question.modelName(), question.version());
              return reason.isEmpty()
                  ? check
                  : new ModelCheck(
                      route.id(),
                      state.isMissing() ? Outcome.MISSING : Outcome.UNREACHABLE,
                      List.of(reason));
            });
  }

  private static ModelCheck compare(
      Route route, MetadataQuery question, ModelDescription described) {
    List<String> mismatches = question.mismatches().apply(described);
    Outcome outcome = described.inputs().isEmpty() ? Outcome.UNDECLARED : Outcome.FITS;
    return new ModelCheck(
        route.id(), mismatches.isEmpty() ? outcome : Outcome.MISMATCH, mismatches);
  }

  /** Returns the worst outcome with all findings. */
  private static ModelCheck worst(Route route, List<ModelCheck> answers) {
    Outcome worst = Outcome.FITS;
    Set<String> findings = new LinkedHashSet<>();
    for (ModelCheck answer : answers) {
      worst = answer.outcome().compareTo(worst) > 0 ? answer.outcome() : worst;
      findings.addAll(answer.findings());
    }
    return new ModelCheck(route.id(), worst, List.copyOf(findings));
  }
}
