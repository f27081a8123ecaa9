package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.EmbeddingBatch;
import io.github.openaikserve.dialect.EmbeddingDialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelCheck.Outcome;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Stream;

/** Holds a route against what its server tells of the models that it calls. */
final class ModelChecker {
  /**
   * A question about a model of the server.
   *
   * @param mismatches compares what the route sends with what the server declares
   * @param required whether the route is useless without the model
   */
  private record Question(
      String modelName,
      String version,
      Function<ModelDescription, List<String>> mismatches,
      boolean required) {}

  private ModelChecker() {}

  /** What a server that was to list its models did not tell. */
  static Stream<ModelCheck> ofServer(DiscoveredModels server) {
    return server.failure().stream()
        .map(
            failure ->
                new ModelCheck(
                    "",
                    Outcome.UNREACHABLE,
                    List.of("its models cannot be listed: " + said(failure))));
  }

  /** Never fails. */
  static CompletableFuture<ModelCheck> of(RegisteredModel model) {
    return model
        .route()
        .thenCompose(ModelChecker::of)
        .exceptionally(
            failure -> {
              Outcome outcome =
                  cause(failure) instanceof DialectException
                      ? Outcome.UNKNOWN
                      : Outcome.UNREACHABLE;
              return new ModelCheck(model.configured().id(), outcome, List.of(said(failure)));
            });
  }

  private static CompletableFuture<ModelCheck> of(Route route) {
    Map<String, Question> questions = new LinkedHashMap<>();
    if (route.generates()) {
      for (boolean stream : new boolean[] {false, true}) {
        Question question = question(route, route.dialect(), stream);
        questions.putIfAbsent("text " + question.modelName(), question);
      }
    }
    if (route.embeds()) {
      Question question = question(route, route.embeddingDialect());
      questions.put("vectors " + question.modelName(), question);
    }
    List<CompletableFuture<ModelCheck>> answers =
        questions.values().stream().map(question -> answer(route, question)).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> together(route, answers.stream().map(CompletableFuture::join).toList()));
  }

  private static Question question(Route route, Dialect dialect, boolean stream) {
    var smallest =
        new Generation(route.modelName(), route.modelVersion(), Map.of(RequestField.PROMPT, ""));
    InferCall call = dialect.encode(smallest.withStream(stream));
    return new Question(
        call.request().modelName(), call.request().modelVersion(), dialect::mismatches, true);
  }

  /** A model that generates may come with embeddings that its server does not have. */
  private static Question question(Route route, EmbeddingDialect dialect) {
    var batch =
        new EmbeddingBatch(
            route.modelName(),
            route.modelVersion(),
            new EmbeddingInput.Texts(List.of("text")),
            null);
    InferCall call = dialect.encode(batch);
    return new Question(
        call.request().modelName(),
        call.request().modelVersion(),
        dialect::mismatches,
        !route.generates());
  }

  private static CompletableFuture<ModelCheck> answer(Route route, Question question) {
    return compared(route, question)
        .thenCompose(
            check ->
                check.outcome() == Outcome.UNTOLD && question.required()
                    ? ready(route, question, check)
                    : CompletableFuture.completedFuture(check));
  }

  /** A server that declares no tensors may still report that it does not have the model. */
  private static CompletableFuture<ModelCheck> ready(
      Route route, Question question, ModelCheck check) {
    return route
        .backend()
        .modelReady(question.modelName(), question.version())
        .exceptionally(failure -> Optional.empty())
        .thenApply(
            ready ->
                ready.orElse(true)
                    ? check
                    : new ModelCheck(
                        route.id(),
                        Outcome.UNREACHABLE,
                        List.of(
                            "the server reports that model '%s' does not exist or is not ready"
                                .formatted(named(question)))))
        .toCompletableFuture();
  }

  private static String named(Question question) {
    return question.version().isEmpty()
        ? question.modelName()
        : question.modelName() + ":" + question.version();
  }

  private static CompletableFuture<ModelCheck> compared(Route route, Question question) {
    return ModelDescription.read(route.backend(), question.modelName(), question.version())
        .thenApply(
            told -> {
              if (told.metadata().isEmpty() && told.isTriton()) {
                return new ModelCheck(
                    route.id(),
                    Outcome.MISMATCH,
                    List.of("the server has no model '" + question.modelName() + "'"));
              }
              List<String> mismatches = question.mismatches().apply(told);
              Outcome outcome = told.inputs().isEmpty() ? Outcome.UNTOLD : Outcome.FITS;
              return new ModelCheck(
                  route.id(), mismatches.isEmpty() ? outcome : Outcome.MISMATCH, mismatches);
            });
  }

  /** The worst of them. */
  private static ModelCheck together(Route route, List<ModelCheck> answers) {
    Outcome worst = Outcome.FITS;
    List<String> findings = new ArrayList<>();
    for (ModelCheck answer : answers) {
      worst = answer.outcome().compareTo(worst) > 0 ? answer.outcome() : worst;
      answer.findings().stream().filter(said -> !findings.contains(said)).forEach(findings::add);
    }
    return new ModelCheck(route.id(), worst, findings);
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static String said(Throwable failure) {
    return String.valueOf(cause(failure).getMessage());
  }
}
