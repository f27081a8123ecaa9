package io.github.openaikserve.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.anthropic.MessageSchemas;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the answers to Anthropic's clients, and their events. */
final class MessageEvent {
  private static final Pattern EVENT =
      Pattern.compile(
          "event: (message_|content_block_|ping\n|error\ndata: \\{\"type\":\"error\").*",
          Pattern.DOTALL);
  private static final Set<String> LAST = Set.of("message_stop", "error");

  private MessageEvent() {}

  static boolean is(String event) {
    return EVENT.matcher(event).matches();
  }

  static void check(String event, boolean last) {
    int line = event.indexOf('\n');
    String data = event.substring(line + 1);
    Answers.must(data.startsWith("data: ") && data.indexOf('\n') < 0, "no event", event);
    JsonNode json = Answers.parse(data.substring("data: ".length()));
    String type = json.path("type").asText();
    Answers.must(event.substring(0, line).equals("event: " + type), "type", event);
    Answers.must(last == LAST.contains(type), "an end that is none, or events after it", event);
    checkShape(json);
  }

  static void checkShape(JsonNode answer) {
    if (answer.at("/error/message").asText().startsWith("The server had an error")) {
      throw new AssertionError("our bug: " + answer, LastBug.cause());
    }
    List<String> problems = MessageSchemas.problems(answer);
    Answers.must(problems.isEmpty(), "not in Anthropic's shape: " + problems, answer.toString());
  }
}
