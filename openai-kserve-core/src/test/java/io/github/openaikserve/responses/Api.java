package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.store.ResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The HTTP API of a service with a store. Requests have single quotes in place of double ones.
 * Every answer is checked against OpenAI's schemas.
 */
final class Api {
  static final ObjectMapper JSON = new ObjectMapper();

  private final OpenAiKServe openai;

  Api(OpenAiKServe openai) {
    this.openai = openai;
  }

  /** An answer whose body was read. */
  record Answer(int status, Map<String, String> headers, String body) {
    JsonNode json() {
      assertThat(status).as(body).isEqualTo(200);
      return parsed();
    }

    JsonNode parsed() {
      return parse(body);
    }

    String id() {
      return json().get("id").asText();
    }

    JsonNode error(int expected) {
      assertThat(status).as(body).isEqualTo(expected);
      return parsed().get("error");
    }

    /** Returns the events of a stream. */
    List<JsonNode> events() {
      List<JsonNode> events = new ArrayList<>();
      for (String event : body.split("\n\n")) {
        events.add(parse(event.substring(event.indexOf("data: ") + "data: ".length())));
      }
      return events;
    }

    JsonNode last() {
      List<JsonNode> events = events();
      return events.get(events.size() - 1);
    }
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  static Api over(FakeBackend backend, ResponseStore store) {
    return new Api(builder(backend).responseStore(store).build());
  }

  OpenAiKServe openai() {
    return openai;
  }

  Answer create(String body) {
    return send("POST", "/v1/responses", body);
  }

  Answer get(String path) {
    return send("GET", path, "");
  }

  Answer delete(String path) {
    return send("DELETE", path, "");
  }

  Answer send(String method, String path, String body) {
    var checked = new CheckedHandler(openai.httpHandler());
    try {
      ApiResponse response = checked.handle(request(method, path, body)).get(1, TimeUnit.MINUTES);
      return answer(checked, method, response);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends a request for a whole answer, and returns a future of it. */
  CompletableFuture<Answer> sent(String method, String path, String body) {
    var checked = new CheckedHandler(openai.httpHandler());
    return checked
        .handle(request(method, path, body))
        .thenApply(response -> answer(checked, method, response));
  }

  private static ApiRequest request(String method, String path, String body) {
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return new ApiRequest(method, path, Map.of(), bytes);
  }

  private static Answer answer(CheckedHandler checked, String method, ApiResponse response) {
    String text = method.equals("HEAD") ? "" : Bodies.text(response);
    assertThat(checked.problems()).isEmpty();
    return new Answer(response.status(), response.headers(), text);
  }

  /** Sends a request, and returns its answer with a body that was not read. */
  ApiResponse unread(String method, String path, String body) {
    return openai.httpHandler().handle(request(method, path, body)).join();
  }

  static String prompt(InferCall call) {
    return call.request().input("prompt").orElseThrow().texts().get(0);
  }

  static String lastPrompt(FakeBackend backend) {
    return prompt(backend.calls().get(backend.calls().size() - 1));
  }
}
