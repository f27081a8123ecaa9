package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams.EncodingFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Vectors of real llama.cpp for OpenAI's own SDK, which requests base64 by default, and for curl.
 */
final class EmbeddingSdkTest {
  private static final String TEXT = "The quick brown fox jumped over the lazy dog";
  private static RunningService service;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws IOException {
    service = new RunningService();
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(service.url() + "/v1")
            .apiKey("any")
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void end() {
    client.close();
    service.close();
  }

  @Test
  void aTextGetsAVector() {
    CreateEmbeddingResponse answer = client.embeddings().create(of(TEXT).build());

    assertThat(answer.model()).isEqualTo("llamacpp");
    assertThat(answer.usage().promptTokens()).isPositive();
    assertThat(answer.usage().totalTokens()).isEqualTo(answer.usage().promptTokens());
    List<Float> vector = answer.data().get(0).embedding();
    assertThat(vector).hasSize(256);
    assertThat(product(vector, vector)).isBetween(0.999, 1.001);
  }

  @Test
  void theSameTextHasTheSameVectorAndAnotherTextAnotherOne() {
    List<Float> first = vector(TEXT);

    assertThat(vector(TEXT)).isEqualTo(first);
    assertThat(vector("Once upon a time")).isNotEqualTo(first);
    assertThat(product(first, vector("Once upon a time"))).isLessThan(0.999);
    assertThat(product(first, vector("The quick brown fox jumped over the lazy cat")))
        .isLessThan(0.9999);
  }

  @Test
  void aBatchKeepsItsOrder() {
    List<String> texts = IntStream.range(0, 20).mapToObj(i -> "Text number " + i).toList();

    List<Embedding> batch =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model("llamacpp")
                    .inputOfArrayOfStrings(texts)
                    .build())
            .data();

    assertThat(batch)
        .extracting(Embedding::index)
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> (long) i).toList());
    for (int i = 0; i < 20; i += 7) {
      assertThat(batch.get(i).embedding()).isEqualTo(vector(texts.get(i)));
    }
    assertThat(batch.stream().map(Embedding::embedding).distinct()).hasSize(20);
  }

  @Test
  void floatsAndBase64AreTheSameBitForBit() {
    List<Float> floats =
        client
            .embeddings()
            .create(of(TEXT).encodingFormat(EncodingFormat.FLOAT).build())
            .data()
            .get(0)
            .embedding();

    assertThat(bits(floats)).isEqualTo(bits(vector(TEXT)));
  }

  @Test
  void curlGetsNumbers() throws Exception {
    HttpResponse<String> response = post("{\"input\":\"" + TEXT + "\"}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-openai-kserve-dropped-params")).isEmpty();
    JsonNode json = new ObjectMapper().readTree(response.body());
    assertThat(json.at("/object").asText()).isEqualTo("list");
    assertThat(json.at("/data/0/object").asText()).isEqualTo("embedding");
    assertThat(json.at("/usage/estimated").asBoolean()).isTrue();
    JsonNode numbers = json.at("/data/0/embedding");
    List<Float> vector =
        IntStream.range(0, numbers.size())
            .mapToObj(i -> Float.parseFloat(numbers.get(i).asText()))
            .toList();
    assertThat(bits(vector)).isEqualTo(bits(vector(TEXT)));
  }

  @Test
  void javaGetsTheSameVectorWithoutHttp() {
    float[] vector = service.openai.embeddings().create(r -> r.input(TEXT)).data().get(0).vector();

    List<Float> expected = vector(TEXT);
    assertThat(vector).hasSize(expected.size());
    for (int i = 0; i < vector.length; i++) {
      assertThat(vector[i]).isEqualTo(expected.get(i));
    }
  }

  @Test
  void theModelsOwnLengthMayBeAskedForAndNoOther() {
    assertThat(client.embeddings().create(of(TEXT).dimensions(256).build()).data()).hasSize(1);
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> client.embeddings().create(of(TEXT).dimensions(128).build()))
        .satisfies(
            e -> {
              assertThat(e.param()).contains("dimensions");
              assertThat(e.code()).contains("unsupported_parameter");
            });
  }

  @Test
  void errorsHaveTheSdksClassesAndTheServiceContinues() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> client.embeddings().create(of("").build()))
        .satisfies(e -> assertThat(e.param()).contains("input"));
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> client.embeddings().create(of("word ".repeat(5000)).build()))
        .withMessageContaining("context");
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(
            () ->
                client
                    .embeddings()
                    .create(
                        EmbeddingCreateParams.builder()
                            .model("llamacpp")
                            .inputOfArrayOfTokens(List.of(1L, 2L))
                            .build()))
        .satisfies(e -> assertThat(e.param()).contains("input"));
    aTextGetsAVector();
  }

  private static List<Float> vector(String text) {
    return client.embeddings().create(of(text).build()).data().get(0).embedding();
  }

  private static EmbeddingCreateParams.Builder of(String text) {
    return EmbeddingCreateParams.builder().model("llamacpp").input(text);
  }

  private static HttpResponse<String> post(String body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(service.url() + "/v1/embeddings"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static List<Integer> bits(List<Float> vector) {
    return vector.stream().map(Float::floatToRawIntBits).toList();
  }

  private static double product(List<Float> a, List<Float> b) {
    return IntStream.range(0, a.size()).mapToDouble(i -> (double) a.get(i) * b.get(i)).sum();
  }
}
