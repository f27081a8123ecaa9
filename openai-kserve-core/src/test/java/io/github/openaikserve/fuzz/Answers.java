package io.github.openaikserve.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.openai.OpenAiSchemas;
import io.github.openaikserve.openai.responses.ResponseSchemas;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What may be said of an answer whatever was asked. */
final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "data: ";
  private static final String ERROR = "event: error\n";

  private Answers() {}

  static void check(String method, ApiResponse response, String body) {
    response
        .headers()
        .forEach(
            (name, value) -> {
              must(name.equals(name.toLowerCase(Locale.ROOT)), "header name", name);
              must(value.chars().allMatch(c -> c >= ' ' && c < 0x7f), "header " + name, value);
            });
    must(response.headers().containsKey("x-request-id"), "no request id", body);
    if (isMedia(response)) {
      must(response.status() == 200, "media with status", "" + response.status());
      return;
    }
    boolean events = response.body().length() < 0;
    String type = events ? "text/event-stream" : "application/json";
    must(
        response.headers().getOrDefault("content-type", "").startsWith(type),
        "content type",
        response.headers().toString());
    if (body.isEmpty() && Set.of("HEAD", "OPTIONS").contains(method)) {
      must(response.status() == 200 || response.status() == 503, "no body", "" + response.status());
    } else if (events) {
      must(response.status() == 200, "events with status", "" + response.status());
      checkEvents(body);
    } else {
      checkWhole(response.status(), parse(body));
    }
  }

  /** Returns whether an answer is audio, text or subtitles, which have no shape. */
  static boolean isMedia(ApiResponse response) {
    String type = response.headers().getOrDefault("content-type", "");
    return type.startsWith("audio/")
        || type.startsWith("text/plain")
        || type.startsWith("text/vtt");
  }

  private static void checkWhole(int status, JsonNode answer) {
    must(answer.isObject(), "not an object", answer.toString());
    must(status < 400 == !answer.path("error").isObject(), "status " + status, answer.toString());
    checkShape(answer, false);
  }

  private static void checkEvents(String body) {
    must(body.endsWith("\n\n"), "cut events", body);
    List<String> events = List.of(body.substring(0, body.length() - 2).split("\n\n", -1));
    for (int i = 0; i < events.size(); i++) {
      String event = events.get(i);
      if (event.startsWith(":") && event.indexOf('\n') < 0) {
        continue;
      }
      boolean last = i == events.size() - 1;
      if (event.startsWith("event: ") && event.contains("\"sequence_number\":")) {
        checkResponseEvent(event, last);
        continue;
      }
      if (MessageEvent.is(event)) {
        MessageEvent.check(event, last);
        continue;
      }
      boolean failed = event.startsWith(ERROR);
      String data = failed ? event.substring(ERROR.length()) : event;
      must(data.startsWith(DATA) && data.indexOf('\n') < 0, "no event", event);
      if (event.equals("data: [DONE]")) {
        must(last, "events after the end", body);
        continue;
      }
      JsonNode chunk = parse(data.substring(DATA.length()));
      must(failed == chunk.has("error"), "an error event without an error", body);
      boolean ends = chunk.has("error") || chunk.path("type").asText().endsWith(".done");
      must(last == ends, "an end that is none, or events after it", body);
      checkShape(chunk, true);
    }
  }

  private static void checkResponseEvent(String event, boolean last) {
    int line = event.indexOf('\n');
    String data = event.substring(line + 1);
    must(data.startsWith(DATA) && data.indexOf('\n') < 0, "no event", event);
    JsonNode json = parse(data.substring(DATA.length()));
    must(event.substring(0, line).equals("event: " + json.path("type").asText()), "type", event);
    String status = json.at("/response/status").asText("in_progress");
    must(last != status.equals("in_progress"), "an end that is none, or events after it", event);
    if (json.path("code").asText().equals("internal_error")) {
      throw new AssertionError("our bug: " + event, LastBug.cause());
    }
    List<String> problems = ResponseSchemas.eventProblems(json);
    must(problems.isEmpty(), "not in OpenAI's shape: " + problems, event);
  }

  /**
   * Scores, tokens and the OpenAPI document have no {@code object} either, nor have events of
   * audio, whose types have dots.
   */
  private static boolean isAnthropics(JsonNode answer) {
    boolean typed = answer.has("type") && !answer.get("type").asText().contains(".");
    return !answer.has("object") && (typed || answer.has("input_tokens") || answer.has("has_more"));
  }

  /** OpenAI has no schemas of scores and classes. */
  private static boolean isScores(JsonNode answer) {
    JsonNode first = answer.path("data").path(0);
    return first.has("probs") || first.has("score");
  }

  private static void checkShape(JsonNode answer, boolean event) {
    if (isAnthropics(answer)) {
      MessageEvent.checkShape(answer);
    } else if (answer.path("object").asText().equals("response")) {
      List<String> problems = ResponseSchemas.problems("Response", answer);
      must(problems.isEmpty(), "not in OpenAI's shape: " + problems, answer.toString());
    } else if (answer.has("error")) {
      JsonNode error = answer.get("error");
      must(error.path("message").isTextual(), "error without a message", answer.toString());
      must(error.path("type").isTextual(), "error without a type", answer.toString());
      must(error.has("param") && error.has("code"), "error without param, code", answer.toString());
      if (error.path("code").asText().equals("internal_error")) {
        throw new AssertionError("our bug: " + answer, LastBug.cause());
      }
    } else if (answer.has("object") && !isScores(answer)) {
      List<String> problems = OpenAiSchemas.problems(answer, event);
      must(problems.isEmpty(), "not in OpenAI's shape: " + problems, answer.toString());
    }
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + json, e);
    }
  }

  static void must(boolean holds, String what, String found) {
    if (!holds) {
      throw new AssertionError(what + ": " + found);
    }
  }
}
