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

final class EmbeddingsHandlerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void vectorsAreNumbersUnlessAskedOtherwise() throws IOException {
    ApiResponse response = post(vector(1, -0.5f), "{\"input\":\"Once upon a time\"}");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers())
        .containsEntry("content-type", "application/json")
        .doesNotContainKey("x-openai-kserve-dropped-params");
    JsonNode json = json(response);
    assertThat(json.at("/object").asText()).isEqualTo("list");
    assertThat(json.at("/model").asText()).isEqualTo("m");
    assertThat(json.at("/data/0/object").asText()).isEqualTo("embedding");
    assertThat(json.at("/data/0/embedding")).hasToString("[1.0,-0.5]");
    assertThat(json.at("/usage"))
        .hasToString("{\"prompt_tokens\":4,\"total_tokens\":4,\"estimated\":true}");
  }

  @Test
  void base64IsReturnedWhenRequested() throws IOException {
    ApiResponse response =
        post(
            vector(1, -0.5f),
            "{\"input\":[\"a\",\"b\"],\"encoding_format\":\"base64\",\"dimensions\":2}");

    JsonNode data = json(response).get("data");
    assertThat(data).hasSize(2);
    assertThat(data.at("/1/index").asInt()).isEqualTo(1);
    assertThat(data.at("/1/embedding").asText()).isEqualTo("AACAPwAAAL8=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"input\":\"\"}                                | input           | empty_string",
        "{\"input\":[]}                                  | input           | empty_array",
        "{\"input\":[1,2]}                               | input           | unsupported_value",
        "{\"input\":[{\"text\":\"a\"},{\"image\":\"b\"}]}    | input           | unsupported_value",
        "{\"input\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"b\"}}]} | input | unsupported_value",
        "{\"input\":[{\"type\":\"video\"}]}              | input[0].type   | invalid_value",
        "{\"input\":[{}]}                                | input[0].text   | missing_required_parameter",
        "{\"input\":[{\"text\":\"\"}]}                   | input[0]        | invalid_value",
        "{}                                              | input           | missing_required_parameter",
        "{\"input\":\"a\",\"encoding_format\":\"int8\"}  | encoding_format | invalid_value",
        "{\"input\":\"a\",\"dimensions\":0}              | dimensions      | integer_below_min_value",
        "{\"input\":\"a\",\"dimensions\":3}              | dimensions      | unsupported_parameter"
      })
  void aWrongRequestIsRefused(String body, String param, String code) throws IOException {
    ApiResponse response = post(vector(1, 2), body);

    assertThat(response.status()).isEqualTo(400);
    JsonNode error = json(response).get("error");
    assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.get("param").asText()).isEqualTo(param);
    assertThat(error.get("code").asText()).isEqualTo(code);
  }

  @Test
  void numbersThatAreNotFiniteAreABadGateway() throws IOException {
    ApiResponse response = post(vector(1, Float.NaN), "{\"input\":\"a\"}");

    assertThat(response.status()).isEqualTo(502);
    assertThat(json(response).at("/error/message").asText()).contains("'embedding'", "NaN");
  }

  @ParameterizedTest
  @EnumSource(BackendCode.class)
  void aFailureIsAStatus(BackendCode code) throws IOException {
    ApiResponse response =
        post(FakeBackend.failing(code, "it failed"), "{\"input\":[\"a\",\"b\"]}");

    assertThat(response.status()).isEqualTo(code.status());
    assertThat(json(response).at("/error/message").asText()).isEqualTo("it failed");
  }

  @Test
  void onlyPostIsAllowed() {
    ApiResponse response = handler(vector(1)).handle(request("GET", "")).join();

    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers()).containsEntry("allow", "POST");
  }

  @Test
  void aClientThatDisconnectsCancelsItsCall() {
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    CompletableFuture<ApiResponse> response =
        handler(backend).handle(request("POST", "{\"input\":\"a\"}")).toCompletableFuture();

    response.cancel(false);

    assertThat(backend.cancellations()).isEqualTo(1);
  }

  private static FakeBackend vector(float... vector) {
    return FakeBackend.responses(InferResponse.of(Tensor.floats("embedding", vector)));
  }

  private static OpenAiHandler handler(FakeBackend backend) {
    return OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler();
  }

  private static ApiResponse post(FakeBackend backend, String body) {
    return handler(backend).handle(request("POST", body)).toCompletableFuture().join();
  }

  private static ApiRequest request(String method, String body) {
    return new ApiRequest(
        method, "/v1/embeddings", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode json(ApiResponse response) throws IOException {
    return JSON.readTree(Bodies.bytes(response));
  }
}
