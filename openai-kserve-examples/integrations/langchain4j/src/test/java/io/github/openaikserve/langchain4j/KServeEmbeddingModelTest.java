package io.github.openaikserve.langchain4j;

import static io.github.openaikserve.langchain4j.Service.await;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Vectors, in the oldest and in the newest version of LangChain4j. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class KServeEmbeddingModelTest {
  /** Gives each text a vector of its length and 0. */
  private static final FakeBackend LENGTHS =
      FakeBackend.answering(KServeEmbeddingModelTest::lengths);

  private static ScriptedResponse lengths(InferCall call) {
    List<String> texts = call.request().inputs().get(0).texts();
    float[] vectors = new float[2 * texts.size()];
    for (int i = 0; i < texts.size(); i++) {
      vectors[2 * i] = texts.get(i).length();
    }
    return ScriptedResponse.of(
        List.of(InferResponse.of(Tensor.of("embedding", new long[] {texts.size(), 2}, vectors))));
  }

  private static KServeEmbeddingModel.Builder model(FakeBackend backend) {
    Dialect dialect =
        Dialect.builder("test")
            .input("text", Datatype.BYTES, RequestField.INPUT)
            .output("embedding", ResponseField.EMBEDDING)
            .build();
    return KServeEmbeddingModel.builder(
        OpenAiKServe.builder(backend).model("m", m -> m.embeddingDialect(dialect)).build());
  }

  @Test
  void everyTextHasItsVector() {
    Response<List<Embedding>> response =
        model(LENGTHS).build().embedAll(List.of(TextSegment.from("a"), TextSegment.from("bb")));

    assertThat(response.content())
        .containsExactly(Embedding.from(new float[] {1, 0}), Embedding.from(new float[] {2, 0}));
    assertThat(response.tokenUsage())
        .extracting(TokenUsage::inputTokenCount, as(InstanceOfAssertFactories.INTEGER))
        .isPositive();
  }

  @Test
  void moreTextsThanARequestTakesAreSeveralRequests() {
    List<TextSegment> segments = Collections.nCopies(5000, TextSegment.from("abc"));

    assertThat(model(LENGTHS).build().embedAll(segments).content())
        .hasSize(5000)
        .allSatisfy(vector -> assertThat(vector.vector()[0]).isEqualTo(3));
    assertThat(model(LENGTHS).build().doEmbedAsync(request(segments)).join().embeddings())
        .hasSize(5000);
  }

  private static EmbeddingRequest request(List<TextSegment> segments) {
    return EmbeddingRequest.builder().textSegments(segments).build();
  }

  @Test
  void itsDimensionIsThatOfAVectorAndItsNameTheSetOne() {
    KServeEmbeddingModel model = model(LENGTHS).modelName("m").build();

    assertThat(model.dimension()).isEqualTo(2);
    assertThat(model.modelName()).isEqualTo("m");
    assertThat(model(LENGTHS).dimensions(1).build().dimension()).isEqualTo(1);
  }

  @Test
  void aRequestOverridesTheModel() {
    assertThat(
            model(LENGTHS)
                .modelName("none")
                .build()
                .embed(EmbeddingRequest.builder().input("a").modelName("m").build())
                .modelName())
        .isEqualTo("m");
  }

  @Test
  void failuresAreLangChain4jsExceptions() {
    KServeEmbeddingModel full =
        model(FakeBackend.failing(BackendCode.RESOURCE_EXHAUSTED, "full")).build();

    assertThatExceptionOfType(RateLimitException.class).isThrownBy(() -> full.embed("a"));
    assertThat(
            full.doEmbedAsync(request(List.of(TextSegment.from("a")))).handle((v, e) -> e).join())
        .hasRootCauseInstanceOf(io.github.openaikserve.error.OpenAiException.class);
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(
            () -> model(LENGTHS).build().embed(EmbeddingRequest.builder().inputs("").build()));
  }

  @Test
  void cancellingTheFutureCancelsTheCalls() {
    FakeBackend backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    var vectors =
        model(backend)
            .build()
            .doEmbedAsync(request(Collections.nCopies(5000, TextSegment.from("a"))));
    await(() -> !backend.calls().isEmpty());

    vectors.cancel(true);

    await(() -> backend.cancellations() == backend.calls().size());
  }
}
