package io.github.openaikserve.chat;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.List;
import java.util.Map;

/**
 * The types of functions' parameters, for formats that write values without quotes. Immutable.
 *
 * <p>What is declared to be a string is one. Anything else is the JSON that it is written as, in
 * Python's words too, or else a string.
 */
final class ParameterTypes {
  private final List<ChatCompletionTool> tools;

  ParameterTypes(List<ChatCompletionTool> tools) {
    this.tools = tools;
  }

  /** Whether the parameter of the function is declared to be nothing but a string. */
  boolean isString(String function, String parameter) {
    for (ChatCompletionTool tool : tools) {
      if (tool.name().equals(function)
          && tool.definition().get("parameters") instanceof Map<?, ?> schema
          && schema.get("properties") instanceof Map<?, ?> properties
          && properties.get(parameter) instanceof Map<?, ?> property) {
        return "string".equals(property.get("type"));
      }
    }
    return false;
  }

  /** A value that is not declared to be a string, as JSON. */
  static String json(String written) {
    String value = written.strip();
    switch (value) {
      case "True" -> {
        return "true";
      }
      case "False" -> {
        return "false";
      }
      case "None", "null" -> {
        return "null";
      }
      default -> {
        return JsonCodec.readValue(value).isPresent()
            ? value
            : '"' + JsonText.escaped(written) + '"';
      }
    }
  }
}
