package io.github.openaikserve.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Activation;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.DialectBuilder;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Documents that are scored, in Java; a fake server scores a text by its length. */
final class RerankTest {
  @Test
  void theMostRelevantDocumentComesFirst() {
    var backend = scoring();
    var openai = reranking(backend, Dialects.SCORES);

    RerankResponse answer =
        openai.rerank().create(r -> r.model("m").query("q").documents("aa", "b", "cccc"));

    assertThat(answer.model()).isEqualTo("m");
    assertThat(answer.id()).startsWith("rerank-");
    assertThat(answer.results()).extracting(RerankResponse.Result::index).containsExactly(2, 0, 1);
    assertThat(answer.results())
        .extracting(RerankResponse.Result::relevanceScore)
        .containsExactly(4.0, 2.0, 1.0);
    assertThat(answer.results()).allMatch(result -> result.document() == null);
    assertThat(answer.droppedParams()).isEmpty();
    assertThat(backend.onlyRequest().inputs())
        .containsExactly(Tensor.text("query", "q"), Tensor.text("documents", "aa", "b", "cccc"));
  }

  @Test
  void documentsOfTheSameScoreKeepTheirOrder() {
    RerankResponse answer =
        reranking(scoring(), Dialects.SCORES)
            .rerank()
            .create(r -> r.query("q").documents("a", "bb", "c", "dd"));

    assertThat(answer.results())
        .extracting(RerankResponse.Result::index)
        .containsExactly(1, 3, 0, 2);
  }

  @Test
  void topNLimitsTheResultsNotTheScoredDocuments() {
    var backend = scoring();

    RerankResponse answer =
        reranking(backend, Dialects.SCORES)
            .rerank()
            .create(r -> r.query("q").documents("a", "bb", "ccc").topN(2).returnDocuments(true));

    assertThat(answer.results())
        .containsExactly(
            new RerankResponse.Result(2, 3, "ccc"), new RerankResponse.Result(1, 2, "bb"));
    assertThat(answer.documents()).isEqualTo(3);
    assertThat(backend.onlyRequest().input("documents").orElseThrow().size()).isEqualTo(3);
  }

  @Test
  void documentsThatDoNotFitIntoOneCallAreSentInSeveral() {
    var backend = scoring();
    Dialect dialect = table().maxBatch(2).build();

    RerankResponse answer =
        reranking(backend, dialect)
            .rerank()
            .create(r -> r.query("q").documents("a", "bb", "ccc", "dddd", "eeeee"));

    assertThat(answer.results())
        .extracting(RerankResponse.Result::index)
        .containsExactly(4, 3, 2, 1, 0);
    assertThat(backend.calls()).hasSize(3);
    assertThat(backend.calls())
        .allMatch(call -> call.request().input("query").orElseThrow().texts().equals(List.of("q")));
  }

  @Test
  void aCallHasOneQueryOnly() {
    var backend = scoring();

    ScoreResponse answer =
        reranking(backend, Dialects.SCORES)
            .score()
            .create(r -> r.text1(List.of("x", "x", "y")).text2("a", "bb", "ccc"));

    assertThat(answer.scores()).containsExactly(1.0, 2.0, 3.0);
    assertThat(backend.calls())
        .extracting(RerankTest::queriesAndDocuments)
        .containsExactly(
            List.of(List.of("x"), List.of("a", "bb")), List.of(List.of("y"), List.of("ccc")));
  }

  @Test
  void textsAndTheirPairsAreTwoTensorsOfTheSameLength() {
    var backend = scoring();
    Dialect dialect =
        Dialect.builder("pairs")
            .input("text", Datatype.BYTES, RequestField.QUERIES)
            .input("text_pair", Datatype.BYTES, RequestField.DOCUMENTS)
            .output("scores", ResponseField.SCORE)
            .build();

    ScoreResponse answer =
        reranking(backend, dialect)
            .score()
            .create(r -> r.text1(List.of("x", "y")).text2("a", "bb"));

    assertThat(answer.scores()).containsExactly(1.0, 2.0);
    assertThat(answer.id()).startsWith("score-");
    assertThat(backend.onlyRequest().inputs())
        .containsExactly(Tensor.text("text", "x", "y"), Tensor.text("text_pair", "a", "bb"));
  }

  @Test
  void pairsMayBeOneTensorOfTwoColumns() {
    var backend = answering(0.5f, 0.25f);
    Dialect dialect =
        Dialect.builder("pairs")
            .input("pairs", Datatype.BYTES, RequestField.TEXT_PAIRS)
            .output("scores", ResponseField.SCORE)
            .build();

    reranking(backend, dialect).rerank().create(r -> r.query("q").documents("a", "b"));

    assertThat(backend.onlyRequest().inputs())
        .containsExactly(Tensor.text("pairs", "q", "a", "q", "b").withShape(2, 2));
  }

  @Test
  void aBatchDimensionRepeatsTheQuery() {
    var backend = answering(0.5f, 0.25f);

    reranking(backend, table().batchDimension().build())
        .rerank()
        .create(r -> r.query("q").documents("a", "b"));

    assertThat(backend.onlyRequest().inputs())
        .containsExactly(
            Tensor.text("query", "q", "q").withShape(2, 1),
            Tensor.text("documents", "a", "b").withShape(2, 1));
  }

  @Test
  void logitsBecomeProbabilities() {
    var backend = answering(0f, 100f);

    RerankResponse answer =
        reranking(backend, table().activation(Activation.SIGMOID).build())
            .rerank()
            .create(r -> r.query("q").documents("a", "b"));

    assertThat(answer.results())
        .extracting(RerankResponse.Result::relevanceScore)
        .containsExactly(1.0, 0.5);
  }

  @Test
  void theOnlyClassOfAClassifierIsTheScore() {
    var backend =
        FakeBackend.responses(
            InferResponse.of(
                Tensor.text(
                    "output",
                    "[{\"label\": \"LABEL_0\", \"score\": 0.25}]",
                    "[{\"label\": \"LABEL_0\", \"score\": 0.75}]")));

    RerankResponse answer =
        reranking(backend, Dialects.MLSERVER_CLASSIFICATION)
            .rerank()
            .create(r -> r.query("q").documents("a", "b"));

    assertThat(answer.results()).extracting(RerankResponse.Result::index).containsExactly(1, 0);
    Tensor pairs = backend.onlyRequest().input("array_inputs").orElseThrow();
    assertThat(pairs.texts())
        .containsExactly(
            "{\"text\":\"q\",\"text_pair\":\"a\"}", "{\"text\":\"q\",\"text_pair\":\"b\"}");
    assertThat(pairs.parameters().get("content_type")).hasToString("Text[value=hg_jsonlist]");
  }

  @Test
  void scoresOfSeveralClassesAreABadGateway() {
    var backend =
        FakeBackend.responses(
            InferResponse.of(
                Tensor.text(
                    "output",
                    "[{\"label\": \"A\", \"score\": 0.2}, {\"label\": \"B\", \"score\": 0.8}]")));

    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                reranking(backend, Dialects.MLSERVER_CLASSIFICATION)
                    .rerank()
                    .create(r -> r.query("q").documents("a")))
        .withMessage(
            "Output tensor 'output' has 2 classes for a pair of texts; expected a single score.");
  }

  @Test
  void anotherNumberOfScoresIsABadGateway() {
    for (Tensor wrong :
        List.of(
            Tensor.floats("scores", 1),
            Tensor.floats("scores", 1, 2, 3),
            Tensor.floats("scores", 1, Float.NaN),
            Tensor.ints("scores", 1, 2))) {
      assertThatExceptionOfType(DialectException.class)
          .isThrownBy(
              () ->
                  reranking(FakeBackend.responses(InferResponse.of(wrong)), Dialects.SCORES)
                      .rerank()
                      .create(r -> r.query("q").documents("a", "b")))
          .withMessageContaining("'scores'")
          .satisfies(e -> assertThat(e.status()).isEqualTo(502));
    }
  }

  @Test
  void cancellingTheFutureCancelsTheCalls() {
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    CompletableFuture<RerankResponse> answer =
        reranking(backend, table().maxBatch(1).maxConcurrency(2).build())
            .rerank()
            .createAsync(r -> r.query("q").documents("a", "b", "c"));

    answer.cancel(true);

    assertThat(backend.calls()).hasSize(2);
    assertThat(backend.cancellations()).isEqualTo(2);
  }

  @Test
  void aFailureOfOneCallIsTheFailureOfAll() {
    var backend =
        FakeBackend.answering(
            call ->
                documents(call).contains("bad")
                    ? ScriptedResponse.of(List.of())
                        .thenFails(new BackendException(BackendCode.INTERNAL, "worker died"))
                    : ScriptedResponse.of(scores(call)));

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(
            () ->
                reranking(backend, table().maxBatch(1).maxConcurrency(1).build())
                    .rerank()
                    .create(r -> r.query("q").documents("a", "bad", "c")))
        .withMessage("worker died");
    assertThat(backend.calls()).as("nothing is sent after the failure").hasSize(2);
  }

  @Test
  void tokensAreCountedForEachPair() {
    var openai =
        OpenAiKServe.builder(scoring())
            .model("m", m -> m.dialect(Dialects.SCORES).tokenCounter(String::length))
            .build();

    assertThat(openai.rerank().create(r -> r.query("qq").documents("a", "bbb")).usage())
        .isEqualTo(new Usage(8, true));
  }

  @Test
  void aSearchUnitPaysForAHundredDocuments() {
    List<String> documents = IntStream.range(0, 101).mapToObj(i -> "d" + i).toList();

    RerankResponse answer =
        reranking(scoring(), Dialects.SCORES)
            .rerank()
            .create(r -> r.query("q").documents(documents).topN(1));

    assertThat(answer.searchUnits()).isEqualTo(2);
  }

  @Test
  void listenersLearnTheKindOfEachCall() {
    List<CallKind> kinds = new ArrayList<>();
    var openai =
        OpenAiKServe.builder(scoring())
            .listener(
                call -> {
                  kinds.add(call.kind());
                  return CallObserver.NONE;
                })
            .model("m", Dialects.SCORES)
            .build();

    openai.rerank().create(r -> r.query("q").documents("a"));
    openai.score().create(r -> r.text1("q").text2("a"));

    assertThat(kinds).containsExactly(CallKind.RERANK, CallKind.SCORE);
    assertThat(kinds).noneMatch(CallKind::generates);
  }

  @Test
  void aModelThatDoesNotScoreSaysSo() {
    var openai = OpenAiKServe.builder(scoring()).model("m", Dialects.EMBEDDINGS).build();

    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.rerank().create(r -> r.query("q").documents("a")));

    assertThat(refusal).hasMessage("The model 'm' does not support the rerank API.");
    assertThat(refusal.param()).isEqualTo("model");
  }

  @Test
  void aModelThatOnlyScoresNamesItsEndpoints() {
    var openai = reranking(scoring(), Dialects.SCORES);

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> openai.chatCompletions().create(r -> r.user("Hi")))
        .withMessage("The model 'm' does not generate text; it serves the rerank API.");
    assertThat(openai.settings("m").orElseThrow().others()).containsValue("scores");
  }

  @Test
  void anExplanationShowsTheCalls() {
    var openai = reranking(scoring(), Dialects.SCORES);

    var explained =
        openai
            .rerank()
            .explain(
                RerankRequest.builder()
                    .query("q")
                    .documents("a")
                    .topN(1)
                    .extra("max_tokens_per_doc", 5)
                    .build());

    assertThat(explained.fields())
        .containsEntry("query", FieldHandling.MAPPED)
        .containsEntry("documents", FieldHandling.MAPPED)
        .containsEntry("top_n", FieldHandling.EMULATED)
        .containsEntry("max_tokens_per_doc", FieldHandling.DROPPED);
    assertThat(explained.calls()).hasSize(1);
    assertThat(explained.refusal()).isNull();
  }

  private static OpenAiKServe reranking(FakeBackend backend, Dialect dialect) {
    return OpenAiKServe.builder(backend).model("m", dialect).build();
  }

  private static DialectBuilder table() {
    return Dialect.builder("test")
        .input("query", Datatype.BYTES, RequestField.QUERY)
        .input("documents", Datatype.BYTES, RequestField.DOCUMENTS)
        .output("scores", ResponseField.SCORE);
  }

  private static FakeBackend scoring() {
    return FakeBackend.answering(call -> ScriptedResponse.of(scores(call)));
  }

  private static FakeBackend answering(float... scores) {
    return FakeBackend.responses(InferResponse.of(Tensor.floats("scores", scores)));
  }

  private static List<InferResponse> scores(InferCall call) {
    List<String> documents = documents(call);
    float[] scores = new float[documents.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = documents.get(i).length();
    }
    return List.of(InferResponse.of(Tensor.of("scores", new long[] {scores.length, 1}, scores)));
  }

  /** The texts of the last tensor. */
  private static List<String> documents(InferCall call) {
    List<Tensor> inputs = call.request().inputs();
    return inputs.get(inputs.size() - 1).texts();
  }

  private static List<List<String>> queriesAndDocuments(InferCall call) {
    return call.request().inputs().stream().map(Tensor::texts).toList();
  }
}
