package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rerank, score and classify over HTTP. */
final class EncodersHandlerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TWO = "{'query':'q','documents':['a',{'text':'b'}]}";

  @ParameterizedTest
  @ValueSource(strings = {"/v1/rerank", "/rerank"})
  void rerankAnswersInTheShapeOfItsClients(String path) throws IOException {
    ApiResponse response = post(scores(0.25f, 0.75f), path, TWO);

    assertThat(response.status()).isEqualTo(200);
    JsonNode json = json(response);
    assertThat(json.at("/id").asText()).startsWith("rerank-");
    assertThat(json.at("/model").asText()).isEqualTo("m");
    assertThat(json.at("/results"))
        .hasToString(
            "[{\"index\":1,\"relevance_score\":0.75,\"document\":{\"text\":\"b\"}},"
                + "{\"index\":0,\"relevance_score\":0.25,\"document\":{\"text\":\"a\"}}]");
    assertThat(json.at("/meta"))
        .hasToString("{\"api_version\":{\"version\":\"2\"},\"billed_units\":{\"search_units\":1}}");
    assertThat(json.at("/usage/total_tokens").isInt()).isTrue();
  }

  @Test
  void documentsAreLeftOutWhereTheRequestSaysSoAndInCoheresSecondVersion() throws IOException {
    JsonNode second = json(post(scores(1, 2), "/v2/rerank", TWO));
    JsonNode without =
        json(
            post(
                scores(1, 2),
                "/v1/rerank",
                "{'query':'q','documents':['a','b'],'return_documents':false,'top_n':1}"));

    assertThat(second.at("/results/0")).hasToString("{\"index\":1,\"relevance_score\":2.0}");
    assertThat(without.at("/results")).hasSize(1);
    assertThat(without.at("/results/0/document").isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'text_1':'q','text_2':['a','b']}",
        "{'queries':'q','documents':['a','b']}",
        "{'text_1':['q','r'],'text_2':['a','b']}"
      })
  void scoreAnswersInTheOrderOfThePairs(String body) throws IOException {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(
                    List.of(
                        InferResponse.of(
                            Tensor.floats(
                                "scores",
                                new float
                                    [call.request().input("documents").orElseThrow().size()])))));

    JsonNode json = json(post(backend, "/v1/score", body));

    assertThat(json.at("/object").asText()).isEqualTo("list");
    assertThat(json.at("/data"))
        .hasToString(
            "[{\"index\":0,\"object\":\"score\",\"score\":0.0},{\"index\":1,\"object\":\"score\",\"score\":0.0}]");
    assertThat(json.at("/created").isIntegralNumber()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/classify", "/classify"})
  void classifyAnswersInVllmsShape(String path) throws IOException {
    var backend =
        FakeBackend.responses(
            InferResponse.of(
                Tensor.of("scores", new long[] {1, 2}, new float[] {0.25f, 0.75f}),
                Tensor.text("labels", "no", "yes")));
    var handler =
        OpenAiKServe.builder(backend).model("m", Dialects.CLASSIFICATION).build().httpHandler();

    JsonNode json = json(handler.handle(request("POST", path, "{'input':'a'}")).join());

    assertThat(json.at("/data"))
        .hasToString(
            "[{\"index\":0,\"label\":\"yes\",\"probs\":[0.25,0.75],\"num_classes\":2,\"labels\":[\"no\",\"yes\"]}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/rerank | {'documents':['a']}                                | query            | missing_required_parameter",
        "/v1/rerank | {'query':'q'}                                      | documents        | missing_required_parameter",
        "/v1/rerank | {'query':'','documents':['a']}                     | query            | empty_string",
        "/v1/rerank | {'query':1,'documents':['a']}                      | query            | invalid_type",
        "/v1/rerank | {'query':'q','documents':[]}                       | documents        | empty_array",
        "/v1/rerank | {'query':'q','documents':'a'}                      | documents        | invalid_type",
        "/v1/rerank | {'query':'q','documents':[1]}                      | documents[0]     | invalid_type",
        "/v1/rerank | {'query':'q','documents':[{'title':'a'}]}          | documents[0].text | missing_required_parameter",
        "/v1/rerank | {'query':'q','documents':['a'],'top_n':0}          | top_n            | integer_below_min_value",
        "/v1/rerank | {'query':'q','documents':['a'],'return_documents':1} | return_documents | invalid_type",
        "/v1/rerank | {'query':'q','documents':['a'],'rank_fields':['t']} | rank_fields     | unsupported_parameter",
        "/v1/score  | {'text_2':['a']}                                   | text_1           | missing_required_parameter",
        "/v1/score  | {'text_1':['a','b'],'text_2':['a']}                | text_1           | invalid_value",
        "/v1/score  | {'text_1':'a','queries':'a','text_2':['a']}        | queries          | invalid_value",
        "/v1/classify | {}                                               | input            | missing_required_parameter",
        "/v1/classify | {'input':''}                                     | input            | empty_string"
      })
  void aWrongRequestIsRefused(String path, String body, String param, String code)
      throws IOException {
    ApiResponse response = post(scores(1), path, body);

    assertThat(response.status()).isEqualTo(400);
    JsonNode error = json(response).get("error");
    assertThat(error.get("param").asText()).isEqualTo(param);
    assertThat(error.get("code").asText()).isEqualTo(code);
  }

  @Test
  void fieldsWithoutEffectAreNamed() {
    ApiResponse response =
        post(
            scores(1, 2),
            "/v2/rerank",
            "{'query':'q','documents':['a','b'],'max_tokens_per_doc':4096}");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers())
        .containsEntry("x-openai-kserve-dropped-params", "max_tokens_per_doc");
  }

  @ParameterizedTest
  @EnumSource(BackendCode.class)
  void aFailureIsAStatus(BackendCode code) throws IOException {
    ApiResponse response = post(FakeBackend.failing(code, "it failed"), "/v1/rerank", TWO);

    assertThat(response.status()).isEqualTo(code.status());
    assertThat(json(response).at("/error/message").asText()).isEqualTo("it failed");
  }

  @Test
  void aClientThatDisconnectsCancelsItsCall() {
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    CompletableFuture<ApiResponse> response =
        handler(backend).handle(request("POST", "/v1/rerank", TWO));

    response.cancel(false);

    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void onlyPostIsAllowed() {
    ApiResponse response = handler(scores(1)).handle(request("GET", "/v1/rerank", "")).join();

    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers()).containsEntry("allow", "POST");
  }

  private static FakeBackend scores(float... scores) {
    return FakeBackend.responses(InferResponse.of(Tensor.floats("scores", scores)));
  }

  private static OpenAiHandler handler(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> m.dialect(Dialects.SCORES).tensorDialect(Dialects.CLASSIFICATION))
        .build()
        .httpHandler();
  }

  private static ApiResponse post(FakeBackend backend, String path, String body) {
    return handler(backend).handle(request("POST", path, body)).join();
  }

  private static ApiRequest request(String method, String path, String body) {
    return new ApiRequest(
        method, path, Map.of(), body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode json(ApiResponse response) throws IOException {
    return JSON.readTree(Bodies.bytes(response));
  }
}
