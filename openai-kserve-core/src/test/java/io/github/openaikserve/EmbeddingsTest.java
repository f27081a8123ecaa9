package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.DialectBuilder;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import io.github.openaikserve.openai.Embedding;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.openai.EncodingFormat;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class EmbeddingsTest {
  @Test
  void everyTextGetsItsVectorInOrder() {
    var backend = lengths();
    var openai = embedding(backend, table().maxBatch(2));

    CreateEmbeddingResponse answer =
        openai.embeddings().create(r -> r.model("m").input("a", "bb", "ccc", "dddd", "eeeee"));

    assertThat(answer.model()).isEqualTo("m");
    assertThat(answer.data())
        .containsExactly(
            Embedding.of(0, 1, 0),
            Embedding.of(1, 2, 0),
            Embedding.of(2, 3, 0),
            Embedding.of(3, 4, 0),
            Embedding.of(4, 5, 0));
    assertThat(answer.droppedParams()).isEmpty();
    assertThat(backend.calls())
        .extracting(call -> texts(call))
        .containsExactly(List.of("a", "bb"), List.of("ccc", "dddd"), List.of("eeeee"));
    assertThat(backend.calls().get(0).timeout())
        .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
  }

  @Test
  void textsThatFitAreOneCall() {
    var backend = lengths();

    embedding(backend, table()).embeddings().create(r -> r.input(manyTexts(32)));

    assertThat(texts(backend.calls().get(0))).hasSize(32);
    assertThat(backend.calls()).hasSize(1);
  }

  @Test
  void callsGoOnAtTheSameTimeUpToTheLimit() {
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    var openai = embedding(backend, table().maxBatch(1).maxConcurrency(3));

    CompletableFuture<CreateEmbeddingResponse> answer =
        openai.embeddings().createAsync(r -> r.input(manyTexts(10)));

    assertThat(backend.calls()).hasSize(3);
    answer.cancel(true);
    assertThat(backend.cancellations()).isEqualTo(3);
    assertThat(backend.calls()).hasSize(3);
  }

  @Test
  void theVectorsOfAnAnswerHaveABound() {
    var backend =
        FakeBackend.answering(call -> ScriptedResponse.vectors("embedding", new float[1 << 20]));
    var openai = embedding(backend, table().maxBatch(1).maxConcurrency(1));

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> openai.embeddings().create(r -> r.input(manyTexts(30))))
        .withMessageContaining("more than 67108864 bytes of vectors")
        .satisfies(e -> assertThat(e.status()).isEqualTo(502));

    assertThat(backend.calls()).hasSize(17);
  }

  @Test
  void theFirstFailureCancelsTheOthers() {
    var backend =
        FakeBackend.answering(
            call ->
                texts(call).contains("fail")
                    ? ScriptedResponse.of(List.of())
                        .thenFails(new BackendException(BackendCode.INTERNAL, "worker died"))
                    : ScriptedResponse.of(List.of()).thenHangs());
    var openai = embedding(backend, table().maxBatch(1));

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> openai.embeddings().create(r -> r.input("a", "b", "fail", "c", "d", "e")))
        .withMessage("worker died");

    assertThat(backend.calls()).hasSize(3);
    assertThat(backend.cancellations()).isEqualTo(2);
  }

  @Test
  void aFailureAfterSomeVectorsIsTheFailureOfAll() {
    var backend =
        FakeBackend.answering(
            call ->
                texts(call).contains("fail")
                    ? ScriptedResponse.of(
                        List.of(InferResponse.of(Tensor.floats("embedding", Float.NaN))))
                    : ScriptedResponse.of(
                        List.of(InferResponse.of(Tensor.floats("embedding", 1)))));
    var openai = embedding(backend, table().maxBatch(1).maxConcurrency(1));

    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> openai.embeddings().create(r -> r.input("a", "fail", "c", "d")))
        .withMessageContaining("NaN");

    assertThat(backend.calls()).as("nothing is sent after the failure").hasSize(2);
  }

  @Test
  void answersOnManyThreadsKeepTheirOrder() throws Exception {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(vectors(call))
                    .every(Duration.ofNanos(1 + 100_000L * (texts(call).hashCode() & 7))));
    var openai = embedding(backend, table().maxBatch(1).maxConcurrency(8));

    CreateEmbeddingResponse answer =
        openai.embeddings().createAsync(r -> r.input(manyTexts(200))).get();

    assertThat(answer.data())
        .isEqualTo(IntStream.range(0, 200).mapToObj(i -> Embedding.of(i, i + 1, 0)).toList());
  }

  @Test
  void anyServeEmbedsByDefault() {
    var backend = FakeBackend.responses(InferResponse.of(Tensor.floats("embedding", 16, 6, 0.5f)));
    var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

    CreateEmbeddingResponse answer = openai.embeddings().create(r -> r.input("Once upon a time"));

    assertThat(answer.data().get(0).vector()).containsExactly(16, 6, 0.5f);
    assertThat(answer.usage()).isEqualTo(new Usage(4, true));
    assertThat(backend.onlyRequest().modelName()).isEqualTo("embed");
  }

  @Test
  void aModelMayEmbedInAnotherWayThanItsDialectSays() {
    var backend = FakeBackend.responses(InferResponse.of(Tensor.floats("embedding_output", 1)));
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).embeddingDialect(Dialects.EMBEDDINGS))
            .build();

    openai.embeddings().create(r -> r.input("x"));

    assertThat(backend.onlyRequest().modelName()).isEqualTo("m");
  }

  @Test
  void aModelThatOnlyEmbedsGeneratesNothing() {
    var backend = lengths();
    var openai = embedding(backend, table());

    var chat =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.chatCompletions().create(r -> r.model("m").user("Hi")));
    var completion =
        catchThrowableOfType(
            InvalidRequestException.class, () -> openai.completions().create(r -> r.prompt("p")));

    for (InvalidRequestException refusal : List.of(chat, completion)) {
      assertThat(refusal.status()).isEqualTo(400);
      assertThat(refusal.param()).isEqualTo("model");
      assertThat(refusal.code()).isEqualTo("unsupported_value");
      assertThat(refusal)
          .hasMessage("The model 'm' does not generate text; it serves the embeddings API.");
    }
    assertThat(openai.models().list().data()).extracting(Model::id).containsExactly("m");
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void aModelThatOnlyGeneratesEmbedsNothing() {
    var backend = FakeBackend.tokens("x");
    var dialect =
        Dialect.builder("text")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .output("text", ResponseField.TEXT)
            .build();
    var openai = OpenAiKServe.builder(backend).model("m", dialect).build();

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> openai.embeddings().create(r -> r.input("x")))
        .withMessage("The model 'm' does not support the embeddings API.")
        .satisfies(e -> assertThat(e.param()).isEqualTo("model"));
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void aModelNeedsADialect() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OpenAiKServe.builder(lengths()).model("m", m -> {}).build());
  }

  @Test
  void anUnknownModelIs404() {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(
            () -> embedding(lengths(), table()).embeddings().create(r -> r.model("x").input("a")))
        .satisfies(e -> assertThat(e.status()).isEqualTo(404));
  }

  @Test
  void tokenIdsNeedATensor() {
    var backend = lengths();

    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> embedding(backend, table()).embeddings().create(r -> r.input(tokens())));

    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.param()).isEqualTo("input");
    assertThat(refusal.code()).isEqualTo("unsupported_value");
    assertThat(refusal).hasMessageContaining("text, not token ids");
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void tokenIdsAreSentOneListToACall() {
    var backend = FakeBackend.responses(InferResponse.of(Tensor.floats("embedding", 1)));
    var openai = embedding(backend, idsTable());

    CreateEmbeddingResponse answer = openai.embeddings().create(r -> r.input(tokens()));

    assertThat(answer.data()).hasSize(2);
    assertThat(answer.usage()).isEqualTo(new Usage(3, true));
    assertThat(backend.calls())
        .extracting(call -> call.request().input("ids").orElseThrow())
        .containsExactly(Tensor.ints("ids", 1, 2), Tensor.ints("ids", 3));
  }

  @Test
  void textNeedsATensorToo() {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> embedding(lengths(), idsTable()).embeddings().create(r -> r.input("a")))
        .withMessageContaining("token ids, not text");
  }

  @Test
  void theServersTokenCountsAreBelieved() {
    var backend =
        FakeBackend.responses(
            InferResponse.of(Tensor.floats("embedding", 1), Tensor.ints("tokens", 5)));
    var openai =
        embedding(backend, table().output("tokens", ResponseField.PROMPT_TOKENS).maxBatch(1));

    assertThat(openai.embeddings().create(r -> r.input("a", "b")).usage())
        .isEqualTo(new Usage(10, false));
  }

  @Test
  void tokensAreCountedByTheModelsCounterWhereTheServerDoesNot() {
    var openai =
        OpenAiKServe.builder(lengths())
            .model("m", m -> m.embeddingDialect(table().build()).tokenCounter(String::length))
            .build();

    assertThat(openai.embeddings().create(r -> r.input("a", "bb")).usage())
        .isEqualTo(new Usage(3, true));
  }

  @Test
  void dimensionsThatATensorCarriesAreSentAndComeBack() {
    var backend = lengths();
    var openai = embedding(backend, table().input("size", Datatype.INT32, RequestField.DIMENSIONS));

    openai.embeddings().create(r -> r.input("a").dimensions(2));

    assertThat(backend.onlyRequest().input("size")).contains(Tensor.ints("size", 2));
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> openai.embeddings().create(r -> r.input("a").dimensions(3)))
        .withMessageContaining("length 2; expected 3");
  }

  @Test
  void unsupportedDimensionsAreRejectedBeforeAnythingIsSent() {
    var backend = lengths();
    var openai = embedding(backend, table().dimensions(2));

    assertDimensionsRefused(openai);

    assertThat(backend.calls()).isEmpty();
    assertThat(openai.embeddings().create(r -> r.input("a").dimensions(2)).data()).hasSize(1);
  }

  @Test
  void dimensionsThatDifferFromTheVectorsAreRejected() {
    var backend = lengths();
    var openai = embedding(backend, table());

    assertDimensionsRefused(openai);

    assertThat(openai.embeddings().create(r -> r.input("a").dimensions(2)).data()).hasSize(1);
  }

  @Test
  void vectorsOfAnotherLengthThanTheDialectSaysAreTheServersFault() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                embedding(lengths(), table().dimensions(3)).embeddings().create(r -> r.input("a")))
        .withMessageContaining("length 2; expected 3");
  }

  @Test
  void vectorsOfDifferentLengthsAreTheServersFault() {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(
                    List.of(
                        InferResponse.of(
                            Tensor.floats("embedding", new float[texts(call).get(0).length()])))));

    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                embedding(backend, table().maxBatch(1))
                    .embeddings()
                    .create(r -> r.input("a", "bb")))
        .withMessageContaining("length 2; expected 1");
  }

  @Test
  void anAnswerThatNeverComesIsTheServersFault() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                embedding(FakeBackend.responses(), table()).embeddings().create(r -> r.input("a")))
        .withMessageContaining("without an answer");
  }

  @Test
  void fieldsWithoutEffectOnTheAnswerAreAcceptedInStrictMode() {
    var openai =
        OpenAiKServe.builder(lengths())
            .model("m", m -> m.embeddingDialect(table().build()))
            .strict(true)
            .build();

    CreateEmbeddingResponse answer =
        openai
            .embeddings()
            .create(
                r ->
                    r.input("a")
                        .encodingFormat(EncodingFormat.BASE64)
                        .extra("user", "u")
                        .extra("input_type", "query"));

    assertThat(answer.data()).containsExactly(Embedding.of(0, 1, 0));
  }

  @Test
  void textsAndImagesHaveTheirVectorsInOrder() {
    var backend = lengths();
    var openai = embedding(backend, table().input("image", Datatype.BYTES, RequestField.IMAGES));

    CreateEmbeddingResponse answer =
        openai
            .embeddings()
            .create(
                r ->
                    r.input(
                        new EmbeddingInput.Parts(
                            List.of(
                                ContentPart.text("ab"),
                                ContentPart.imageUrl("data:image/png;base64,AA=="),
                                ContentPart.text("c")))));

    assertThat(answer.data()).hasSize(3);
    assertThat(backend.calls())
        .extracting(call -> call.request().inputs().get(0))
        .containsExactly(
            Tensor.text("text", "ab"),
            Tensor.text("image", "data:image/png;base64,AA=="),
            Tensor.text("text", "c"));
  }

  @Test
  void imagesAreRefusedWhereTheModelTakesNone() {
    var backend = lengths();
    var openai = embedding(backend, table());

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(
            () ->
                openai
                    .embeddings()
                    .create(
                        r ->
                            r.input(
                                new EmbeddingInput.Parts(List.of(ContentPart.imageUrl("data:,"))))))
        .withMessage("Invalid 'input': this model takes no images.");
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void textsAreRefusedWhereTheModelTakesOnlyImages() {
    var images =
        Dialect.builder("images")
            .input("image", Datatype.BYTES, RequestField.IMAGES)
            .output("embedding", ResponseField.EMBEDDING);

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> embedding(lengths(), images).embeddings().create(r -> r.input("a")))
        .withMessage("Invalid 'input': this model takes images, not text.");
  }

  private static void assertDimensionsRefused(OpenAiKServe openai) {
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.embeddings().create(r -> r.input("a").dimensions(3)));
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.param()).isEqualTo("dimensions");
    assertThat(refusal.code()).isEqualTo("unsupported_parameter");
  }

  @Test
  void vectorsOfAModelThatAllowsItAreCutAndNormalized() {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(
                    List.of(InferResponse.of(Tensor.floats("embedding", 3, 4, 12)))));
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.embeddingDialect(table().build()).shortensVectors(true))
            .build();

    assertThat(openai.embeddings().create(r -> r.input("a").dimensions(2)).data().get(0).vector())
        .containsExactly(0.6f, 0.8f);
    assertThat(openai.embeddings().create(r -> r.input("a").dimensions(3)).data().get(0).vector())
        .as("the model's own length")
        .containsExactly(3, 4, 12);
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> openai.embeddings().create(r -> r.input("a").dimensions(4)))
        .satisfies(e -> assertThat(e.param()).isEqualTo("dimensions"));
  }

  @Test
  void aVectorOfZerosIsCutAndStaysZero() {
    var backend = FakeBackend.responses(InferResponse.of(Tensor.floats("embedding", 0, 0, 1)));
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.embeddingDialect(table().build()).shortensVectors(true))
            .build();

    assertThat(openai.embeddings().create(r -> r.input("a").dimensions(2)).data().get(0).vector())
        .containsExactly(0, 0);
  }

  @Test
  void dimensionsAboveTheKnownLengthAreRejectedBeforeAnythingIsSent() {
    var backend = lengths();
    var openai =
        OpenAiKServe.builder(backend)
            .model(
                "m", m -> m.embeddingDialect(table().dimensions(2).build()).shortensVectors(true))
            .build();

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> openai.embeddings().create(r -> r.input("a").dimensions(3)))
        .satisfies(e -> assertThat(e.param()).isEqualTo("dimensions"));
    assertThat(backend.calls()).isEmpty();
  }

  private static OpenAiKServe embedding(FakeBackend backend, DialectBuilder table) {
    return OpenAiKServe.builder(backend).model("m", m -> m.embeddingDialect(table.build())).build();
  }

  private static DialectBuilder table() {
    return Dialect.builder("test")
        .input("text", Datatype.BYTES, RequestField.INPUT)
        .output("embedding", ResponseField.EMBEDDING);
  }

  private static DialectBuilder idsTable() {
    return Dialect.builder("test")
        .input("ids", Datatype.INT32, RequestField.INPUT_TOKENS)
        .output("embedding", ResponseField.EMBEDDING);
  }

  private static EmbeddingInput tokens() {
    return new EmbeddingInput.Tokens(List.of(List.of(1, 2), List.of(3)));
  }

  /** Texts whose lengths count up from one. */
  private static String[] manyTexts(int count) {
    return IntStream.rangeClosed(1, count).mapToObj("x"::repeat).toArray(String[]::new);
  }

  /** Gives each text a vector of its length and 0. */
  private static FakeBackend lengths() {
    return FakeBackend.answering(call -> ScriptedResponse.of(vectors(call)));
  }

  private static List<InferResponse> vectors(InferCall call) {
    List<String> texts = texts(call);
    float[] vectors = new float[2 * texts.size()];
    for (int i = 0; i < texts.size(); i++) {
      vectors[2 * i] = texts.get(i).length();
    }
    return List.of(InferResponse.of(Tensor.of("embedding", new long[] {texts.size(), 2}, vectors)));
  }

  private static List<String> texts(InferCall call) {
    return call.request().inputs().get(0).texts();
  }
}
