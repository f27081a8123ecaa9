package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.openai.responses.ResponseTool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A reader of the tools and the tool choice of a request of the Responses API. */
final class ResponseToolReader {
  private static final List<String> WORDS = List.of("none", "auto", "required");

  /**
   * The types of a tool choice. Most are hosted tools, which only OpenAI supports.
   *
   * <p>Source: OpenAI's schema {@code ToolChoiceParam}, and the tool types of requests.
   */
  private static final List<String> CHOICES =
      Stream.concat(Stream.of("allowed_tools", "function", "custom"), HostedTools.CHOICES.stream())
          .toList();

  private static final List<String> CALLERS = List.of("direct", "programmatic");

  private ResponseToolReader() {}

  /** Reads a tool. The fields of hosted tools are not checked, because they are not run here. */
  static ResponseTool tool(JsonObject json) {
    String type = json.requiredText("type");
    switch (type) {
      case "function" -> checkFunction(json);
      case "custom" -> checkCustom(json);
      case "namespace" -> checkNamespace(json);
      default -> {}
    }
    Map<String, @Nullable Object> definition = new LinkedHashMap<>(json.plain());
    definition.remove("type");
    return new ResponseTool(type, definition);
  }

  private static void checkFunction(JsonObject json) {
    json.requiredText("name");
    json.text("description");
    json.object("parameters");
    json.bool("strict");
    json.words("allowed_callers", CALLERS);
  }

  private static void checkCustom(JsonObject json) {
    json.requiredText("name");
    json.text("description");
    JsonObject format = json.object("format");
    if (format != null
        && format.requiredWord("type", List.of("text", "grammar")).equals("grammar")) {
      format.requiredWord("syntax", List.of("lark", "regex"));
      format.requiredText("definition");
    }
    json.words("allowed_callers", CALLERS);
  }

  private static void checkNamespace(JsonObject json) {
    json.requiredText("name");
    json.text("description");
    json.notEmpty("tools", json.requiredObjects("tools", ResponseToolReader::nested));
  }

  private static ResponseTool nested(JsonObject json) {
    json.requiredWord("type", List.of("function", "custom"));
    return tool(json);
  }

  /** Returns the tool choice, a string or a JSON object; null if absent. */
  static @Nullable Object choice(JsonObject json) {
    JsonNode choice = json.node("tool_choice");
    if (choice == null) {
      return null;
    }
    if (choice.isTextual()) {
      return json.word("tool_choice", WORDS);
    }
    if (!choice.isObject()) {
      throw json.wrongType("tool_choice", "one of a string or object", choice);
    }
    JsonObject object = json.requiredObject("tool_choice");
    String type = object.requiredWord("type", CHOICES);
    if (type.equals("allowed_tools")) {
      object.requiredWord("mode", List.of("auto", "required"));
      object.requiredObjects("tools", JsonObject::plain);
    } else if (type.equals("function") || type.equals("custom")) {
      object.requiredText("name");
    }
    return object.plain();
  }
}
