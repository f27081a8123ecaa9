package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class OpenAiHandlerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final String HELLO = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String STREAMED_HELLO =
      "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @Test
  void aChatIsAnsweredInOpenAisShape() {
    Answer answer = post(FakeBackend.tokens("Hel", "lo"), CHAT, HELLO);

    assertThat(answer.status).isEqualTo(200);
    assertThat(answer.headers).containsEntry("content-type", "application/json");
    JsonNode json = answer.json();
    assertThat(json.at("/object").asText()).isEqualTo("chat.completion");
    assertThat(json.at("/id").asText()).startsWith("chatcmpl-");
    assertThat(json.at("/created").isIntegralNumber()).isTrue();
    assertThat(json.at("/choices/0/message/role").asText()).isEqualTo("assistant");
    assertThat(json.at("/choices/0/message/content").asText()).isEqualTo("Hello");
    assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo(2);
    assertThat(json.at("/usage/estimated").asBoolean()).isTrue();
    assertThat(json.has("error")).isFalse();
  }

  @Test
  void aStreamIsEventsThatEndWithDone() {
    Answer answer = post(FakeBackend.tokens("Hel", "lo"), CHAT, STREAMED_HELLO);

    assertThat(answer.headers).containsEntry("content-type", "text/event-stream; charset=utf-8");
    List<String> events = answer.events();
    assertThat(events).hasSize(5);
    assertThat(json(events.get(0)).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    assertThat(json(events.get(1)).at("/choices/0/delta/content").asText()).isEqualTo("Hel");
    assertThat(json(events.get(1)).at("/choices/0/finish_reason").isNull()).isTrue();
    assertThat(json(events.get(1)).has("usage")).isFalse();
    assertThat(json(events.get(3)).at("/choices/0/delta").isEmpty()).isTrue();
    assertThat(json(events.get(3)).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(events.get(4)).isEqualTo("[DONE]");
  }

  @Test
  void usageIsNullOnEveryEventButTheLastWhenAskedFor() {
    Answer answer =
        post(
            FakeBackend.tokens("a"),
            "/v1/completions",
            "{\"prompt\":\"p\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");

    List<String> events = answer.events();
    assertThat(json(events.get(0)).get("usage").isNull()).isTrue();
    assertThat(json(events.get(2)).at("/usage/total_tokens").asInt()).isEqualTo(2);
    assertThat(json(events.get(2)).at("/choices").isEmpty()).isTrue();
    assertThat(events.get(3)).isEqualTo("[DONE]");
  }

  @ParameterizedTest
  @EnumSource(BackendCode.class)
  void aFailureBeforeTheFirstTokenIsAStatus(BackendCode code) {
    for (String body : List.of(HELLO, STREAMED_HELLO)) {
      Answer answer = post(FakeBackend.failing(code, "it failed"), CHAT, body);

      assertThat(answer.status).isEqualTo(code.status());
      assertThat(answer.json().at("/error/message").asText()).isEqualTo("it failed");
      assertThat(answer.json().at("/error/code").asText()).isEqualTo(code.value());
      assertThat(answer.json().at("/error/param").isNull()).isTrue();
    }
  }

  @Test
  void aFailureAfterTheFirstTokenIsAnEventAndNoFinishReason() {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("token", "a"))))
                    .thenFails(new BackendException(BackendCode.INTERNAL, "worker died")));

    Answer answer = post(backend, CHAT, STREAMED_HELLO);

    assertThat(answer.status).isEqualTo(200);
    List<String> events = answer.events();
    String failure = events.get(events.size() - 1);
    assertThat(failure).startsWith("event: error\ndata: ");
    JsonNode last = json(failure.substring("event: error\ndata: ".length()));
    assertThat(last.at("/error/message").asText()).isEqualTo("worker died");
    assertThat(last.at("/error/code").asText()).isEqualTo("internal");
    assertThat(answer.text()).doesNotContain("\"finish_reason\":\"", "[DONE]");
  }

  @Test
  void anInternalErrorHasNoDetails() {
    var openai =
        OpenAiKServe.builder(
                call -> {
                  throw new IllegalStateException("secret detail");
                })
            .model("m", Dialects.ANYSERVE)
            .build();

    Answer answer = Answer.of(openai.httpHandler().handle(request("POST", CHAT, HELLO)).join());

    assertThat(answer.status).isEqualTo(500);
    assertThat(answer.text()).doesNotContain("secret");
    assertThat(answer.json().at("/error/type").asText()).isEqualTo("server_error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{|                                                           | ",
        "|                                                            | ",
        "[]|                                                          | ",
        "{\"a\":1} x|                                               | ",
        "{}                                                           | messages | missing_required_parameter",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}]}]} | messages[0].content[0] | unsupported_value",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":2.5} | temperature | decimal_above_max_value",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stop\":\"\"} | stop | empty_string",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"top_logprobs\":1} | top_logprobs | ",
      })
  void badInputIsNamed(String body, String param, String code) {
    Answer answer = post(FakeBackend.tokens("x"), CHAT, body == null ? "" : body);

    assertThat(answer.status).isEqualTo(400);
    JsonNode error = answer.json().at("/error");
    assertThat(error.at("/type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.at("/param").textValue()).isEqualTo(param);
    assertThat(error.at("/code").textValue()).isEqualTo(code);
    assertThat(error.at("/message").asText()).isNotEmpty();
  }

  @Test
  void anErrorNeverQuotesThePrompt() {
    Answer answer =
        post(
            FakeBackend.tokens("x"),
            CHAT,
            "{\"messages\":[{\"role\":\"user\",\"content\":\"my secret\" oops");

    assertThat(answer.status).isEqualTo(400);
    assertThat(answer.text()).doesNotContain("secret", "oops");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /v1/chat/completions, 405",
    "DELETE, /v1/models,           405",
    "POST,   /v1/models,           405",
    "POST,   /health,              405",
    "GET,    /,                    404",
    "GET,    /v1/nothing,          404",
    "GET,    /v1/models/nothing,   404",
    "GET,    /v1/models/%zz,       400",
    "GET,    /v1/models/m,         200",
    "GET,    /v1/models/?limit=3,  200",
    "GET,    /health,              200",
  })
  void pathsAndMethodsHaveTheirStatuses(String method, String path, int status) {
    Answer answer = call(FakeBackend.tokens("x"), request(method, path, ""));

    assertThat(answer.status).isEqualTo(status);
    assertThat(answer.json().has("error")).isEqualTo(status != 200);
    assertThat(answer.headers).containsKey("x-request-id");
  }

  @Test
  void aModelsIdMayHoldSlashesAndEscapes() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("x"))
            .model("meta/llama 3", Dialects.ANYSERVE)
            .build();

    Answer answer =
        Answer.of(
            openai.httpHandler().handle(request("GET", "/v1/models/meta/llama%203", "")).join());

    assertThat(answer.json().at("/id").asText()).isEqualTo("meta/llama 3");
  }

  @Test
  void theCallersRequestIdIsKeptIfHarmless() {
    var backend = FakeBackend.tokens("x");

    assertThat(call(backend, withId("abc-1")).headers).containsEntry("x-request-id", "abc-1");
    assertThat(call(backend, withId("a\r\nset-cookie: x")).headers.get("x-request-id"))
        .startsWith("req_");
  }

  @Test
  void droppedFieldsAreNamedInAHeader() {
    Answer answer =
        post(FakeBackend.tokens("x"), "/v1/completions", "{\"prompt\":\"p\",\"seed\":1}");

    assertThat(answer.headers).containsEntry("x-openai-kserve-dropped-params", "seed");
  }

  @Test
  void cancellingTheFutureCancelsTheCall() {
    for (String body : List.of(HELLO, STREAMED_HELLO)) {
      var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
      CompletableFuture<ApiResponse> answer = handler(backend).handle(request("POST", CHAT, body));

      answer.cancel(true);

      assertThat(backend.cancellations()).isEqualTo(1);
    }
  }

  @Test
  void closingAnUnreadBodyCancelsTheCall() {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("token", "a"))))
                    .thenHangs());

    handler(backend).handle(request("POST", CHAT, STREAMED_HELLO)).join().body().close();

    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void aHostsRefusalHasOpenAisShape() {
    ApiResponse response =
        handler(FakeBackend.tokens())
            .refuse(
                request("POST", CHAT, ""),
                new InvalidRequestException(413, "too_large", null, "Too large."));

    assertThat(response.status()).isEqualTo(413);
    assertThat(Answer.of(response).json().at("/error/message").asText()).isEqualTo("Too large.");
  }

  @Property(tries = 300)
  void anyBytesAreAnswered(@ForAll byte[] body, @ForAll String path) {
    for (String known : List.of(CHAT, "/v1/completions")) {
      Answer answer = call(FakeBackend.tokens("x"), new ApiRequest("POST", known, Map.of(), body));
      assertThat(answer.status).isEqualTo(400);
      assertThat(answer.json().at("/error/message").isTextual()).isTrue();
    }
    assertThat(call(FakeBackend.tokens("x"), request("GET", "/" + path, "")).status)
        .isBetween(200, 499);
  }

  private static OpenAiHandler handler(FakeBackend backend) {
    return OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler();
  }

  private static Answer post(FakeBackend backend, String path, String body) {
    return call(backend, request("POST", path, body));
  }

  private static Answer call(FakeBackend backend, ApiRequest request) {
    return Answer.of(handler(backend).handle(request).join());
  }

  private static ApiRequest withId(String id) {
    return new ApiRequest("GET", "/health", Map.of("X-Request-ID", List.of(id)), new byte[0]);
  }

  private static ApiRequest request(String method, String path, String body) {
    return new ApiRequest(method, path, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }

  private record Answer(int status, Map<String, String> headers, String text) {
    static Answer of(ApiResponse response) {
      return new Answer(response.status(), response.headers(), Bodies.text(response));
    }

    JsonNode json() {
      return OpenAiHandlerTest.json(text);
    }

    List<String> events() {
      assertThat(text).endsWith("\n\n");
      return List.of(text.split("\n\n")).stream()
          .map(event -> event.startsWith("data: ") ? event.substring("data: ".length()) : event)
          .toList();
    }
  }
}
