package io.github.openaikserve.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.ServerErrors;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors, models and checks as Anthropic's clients read them. */
final class MessageErrorsTest {
  private final Api api = Api.writing("Hi");

  @Test
  void aServerThatGivesNoReasonHasAMessageAllTheSame() {
    var backend = FakeBackend.failing(BackendCode.INTERNAL, "");

    assertThat(Api.over(backend).sayHi("").error(502).get("message").asText())
        .isEqualTo("The model server gave no reason for its failure.");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/messages, 400, invalid_request_error",
    "GET, /v1/messages, 405, invalid_request_error",
    "GET, /v1/messages/count_tokens, 405, invalid_request_error",
    "POST, /v1/messages/batches, 404, not_found_error",
    "GET, /v1/models/none, 404, not_found_error",
    "POST, /v1/complete, 404, not_found_error",
  })
  void anErrorHasAnthropicsShape(String method, String path, int status, String type) {
    Api.Answer answer = api.send(method, path, "");

    assertThat(answer.error(status).get("type").asText()).isEqualTo(type);
    String id = answer.headers().get("request-id");
    assertThat(id).isNotEmpty().isEqualTo(answer.headers().get("x-request-id"));
    assertThat(Api.parse(answer.body()).get("request_id").asText()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({
    "401, authentication_error",
    "403, permission_error",
    "404, not_found_error",
    "405, invalid_request_error",
    "413, request_too_large",
    "415, invalid_request_error",
    "429, rate_limit_error",
  })
  void aRefusalOfTheHostHasAnthropicsShape(int status, String type) {
    var checked = new CheckedHandler(api.openai().httpHandler());
    var head = new ApiRequest("POST", "/v1/messages?beta=true", Map.of(), new byte[0]);

    ApiResponse refusal =
        checked.refuse(head, new InvalidRequestException(status, "code", null, "No."));

    assertThat(Api.parse(Bodies.text(refusal)).at("/error/type").asText()).isEqualTo(type);
    assertThat(refusal.headers()).containsKey("request-id");
    assertThat(checked.problems()).isEmpty();
  }

  @Test
  void aHeadThatIsRejectedHasAnthropicsShape() {
    var checked = new CheckedHandler(api.openai().httpHandler());

    ApiResponse rejection =
        checked.reject(new ApiRequest("PUT", "/v1/messages", Map.of(), new byte[0])).orElseThrow();

    assertThat(rejection.status()).isEqualTo(405);
    assertThat(rejection.headers()).containsEntry("allow", "POST");
    assertThat(Api.parse(Bodies.text(rejection)).get("type").asText()).isEqualTo("error");
    assertThat(checked.problems()).isEmpty();
  }

  @Test
  void aFailureBeforeTheFirstTokenIsAStatus() {
    var failing = Api.over(FakeBackend.failing(BackendCode.UNAVAILABLE, "gone"));

    assertThat(failing.sayHi(",'stream':true").error(503).get("type").asText())
        .isEqualTo("overloaded_error");
    assertThat(failing.sayHi("").error(503).get("type").asText()).isEqualTo("overloaded_error");
  }

  @Test
  void aFailureOfTheServerIsAnApiError() {
    var failing = Api.over(FakeBackend.failing(BackendCode.INTERNAL, "broken"));

    assertThat(failing.sayHi("").error(502).get("type").asText()).isEqualTo("api_error");
  }

  @Test
  void aTooLongPromptHasTheMessageThatClaudeCodeParses() {
    var tooLong =
        ServerErrors.of(
            BackendCode.INVALID_ARGUMENT,
            "The prompt has 4010 tokens, but the context holds 1024 with at least one of the answer");
    var failing =
        Api.over(FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenFails(tooLong)));

    assertThat(failing.sayHi("").error(400).get("message").asText())
        .startsWith("prompt is too long");
  }

  @Test
  void clientsOfOpenAiKeepTheirShape() {
    ApiResponse response =
        api.openai()
            .httpHandler()
            .handle(new ApiRequest("GET", "/v1/messagesx", Map.of(), new byte[0]))
            .join();

    assertThat(Api.parse(Bodies.text(response)).has("type")).isFalse();
    assertThat(response.headers()).doesNotContainKey("request-id");
  }

  @Test
  void modelsHaveAnthropicsShape() {
    JsonNode list = api.send("GET", "/v1/models", "").json();
    JsonNode model = api.send("GET", "/v1/models/m", "").json();

    assertThat(list.get("first_id").asText()).isEqualTo("m");
    assertThat(list.get("has_more").asBoolean()).isFalse();
    assertThat(list.at("/data/0")).isEqualTo(model);
    assertThat(model.get("display_name").asText()).isEqualTo("m");
  }

  @ParameterizedTest
  @CsvSource({
    "'', m0 m1 m2 m3 fake, false",
    "?limit=2, m0 m1, true",
    "?limit=2&after_id=m2, m3 fake, false",
    "?after_id=fake, '', false",
    "?limit=2&before_id=m3, m1 m2, true",
    "?before_id=m0, '', false",
    "?after_id=m0&before_id=m3, m1 m2, true",
  })
  void modelsComeInPages(String query, String ids, boolean more) {
    FakeBackend backend = FakeBackend.tokens("Hi");
    var builder = OpenAiKServe.builder(backend);
    for (int i = 0; i < 4; i++) {
      builder.model("m" + i, Dialects.ANYSERVE);
    }

    JsonNode page = Api.over(backend, builder).send("GET", "/v1/models" + query, "").json();

    assertThat(String.join(" ", page.get("data").findValuesAsText("id"))).isEqualTo(ids);
    assertThat(page.get("has_more").asBoolean()).isEqualTo(more);
  }

  @Test
  void anInvalidPageLimitIsRejected() {
    assertThat(api.send("GET", "/v1/models?limit=0", "").error(400).get("message").asText())
        .contains("'limit'");
  }

  @Test
  void theCheckOfAConnectionIsAnswered() {
    assertThat(api.send("HEAD", "/", "").status()).isEqualTo(200);
    assertThat(api.send("GET", "/", "").status()).isEqualTo(404);
  }
}
