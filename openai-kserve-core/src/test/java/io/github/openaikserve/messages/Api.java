package io.github.openaikserve.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The HTTP API as Anthropic's clients use it. Requests have single quotes in place of double ones.
 * Every answer is checked against the schemas of Anthropic's answers.
 */
final class Api {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, List<String>> HEADERS =
      Map.of("anthropic-version", List.of("2023-06-01"), "x-api-key", List.of("key"));

  private final OpenAiKServe openai;
  private final FakeBackend backend;

  private Api(OpenAiKServe openai, FakeBackend backend) {
    this.openai = openai;
    this.backend = backend;
  }

  /** Returns an API whose model writes these tokens. */
  static Api writing(String... tokens) {
    return over(FakeBackend.tokens(tokens));
  }

  static Api over(FakeBackend backend) {
    return new Api(builder(backend).build(), backend);
  }

  static Api over(FakeBackend backend, OpenAiKServe.Builder builder) {
    return new Api(builder.build(), backend);
  }

  static OpenAiKServe.Builder builder(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .chatTemplate(ChatTemplates.QWEN3)
                    .emulateResponseFormat(true));
  }

  /** Returns a backend that fails after a token. */
  static FakeBackend failingAfter(String token) {
    var gone = new BackendException(BackendCode.UNAVAILABLE, "gone");
    return FakeBackend.answering(
        call ->
            ScriptedResponse.of(ScriptedResponse.tokens(call, token).responses().subList(0, 1))
                .thenFails(gone));
  }

  OpenAiKServe openai() {
    return openai;
  }

  /** An answer whose body was read. */
  record Answer(int status, Map<String, String> headers, String body) {
    JsonNode json() {
      assertThat(status).as(body).isEqualTo(200);
      return parse(body);
    }

    /** Returns the error object of a failure with a status. */
    JsonNode error(int expected) {
      assertThat(status).as(body).isEqualTo(expected);
      return parse(body).get("error");
    }

    /** Returns the events of a stream. */
    List<JsonNode> events() {
      assertThat(status).as(body).isEqualTo(200);
      List<JsonNode> events = new ArrayList<>();
      for (String event : body.split("\n\n")) {
        JsonNode data = parse(event.substring(event.indexOf("data: ") + "data: ".length()));
        assertThat(event).startsWith("event: " + data.get("type").asText() + "\n");
        events.add(data);
      }
      return events;
    }

    List<String> types() {
      return events().stream().map(event -> event.get("type").asText()).toList();
    }

    /** Returns the values of the deltas of a kind, concatenated. */
    String grown(String type, String field) {
      var text = new StringBuilder();
      events().stream()
          .map(event -> event.path("delta"))
          .filter(delta -> delta.path("type").asText().equals(type))
          .forEach(delta -> text.append(delta.get(field).asText()));
      return text.toString();
    }

    List<String> dropped() {
      return List.of(headers.getOrDefault("x-openai-kserve-dropped-params", "").split(", "));
    }
  }

  /** Sends a request for a message of up to 100 tokens. */
  Answer ask(String fields) {
    return create("{'model':'m','max_tokens':100," + fields + "}");
  }

  /** Sends a request with one message of the user. */
  Answer sayHi(String fields) {
    return ask("'messages':[{'role':'user','content':'Hi'}]" + fields);
  }

  Answer create(String body) {
    return send("POST", "/v1/messages?beta=true", body);
  }

  Answer send(String method, String path, String body) {
    var checked = new CheckedHandler(openai.httpHandler());
    ApiResponse response = checked.handle(request(method, path, body)).join();
    String text = method.equals("HEAD") ? "" : Bodies.text(response);
    assertThat(checked.problems()).isEmpty();
    return new Answer(response.status(), response.headers(), text);
  }

  static ApiRequest request(String method, String path, String body) {
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return new ApiRequest(method, path, HEADERS, bytes);
  }

  /** Returns the prompt of the last call. */
  String prompt() {
    return backend
        .calls()
        .get(backend.calls().size() - 1)
        .request()
        .input("prompt")
        .orElseThrow()
        .texts()
        .get(0);
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
