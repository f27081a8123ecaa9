package io.github.openaikserve.internal.request;

import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.regex.LinearPattern;
import io.github.openaikserve.internal.regex.Steps;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A custom tool, which takes free text, represented as a function with one text parameter.
 * Immutable.
 *
 * <p>The model sees earlier calls of the tool as calls of the function. A grammar is added to the
 * function's description. If the grammar is a regular expression, the text of a call is checked
 * against it.
 *
 * @param function the function that the model sees
 * @param pattern the pattern that the whole text must match; null for any text
 */
public record CustomTool(ChatCompletionTool function, @Nullable LinearPattern pattern) {
  private static final String INPUT = "input";
  private static final int MAX_STEPS = 5_000_000;

  /**
   * Returns the function for a custom tool.
   *
   * @param path the path of the tool in the request
   * @throws InvalidRequestException if its format is unknown or is not a regular expression
   */
  static CustomTool of(String path, ChatCompletionTool tool) {
    Object description = tool.definition().get("description");
    var text = new StringBuilder(description == null ? "" : description.toString());
    LinearPattern pattern = null;
    if (tool.definition().get("format") instanceof Map<?, ?> format
        && !"text".equals(format.get("type"))) {
      Map<?, ?> grammar = format.get("grammar") instanceof Map<?, ?> map ? map : Map.of();
      String syntax = String.valueOf(grammar.get("syntax"));
      String definition = String.valueOf(grammar.get("definition"));
      if (syntax.equals("regex")) {
        pattern = compile(path, definition);
      } else if (!syntax.equals("lark")) {
        throw wrong(
            path, "expected the type 'text', or 'grammar' with the syntax 'lark' or 'regex'");
      }
      text.append(text.isEmpty() ? "" : "\n\n")
          .append("The input must match this grammar (")
          .append(syntax)
          .append("):\n")
          .append(definition);
    }
    Map<String, @Nullable Object> function = new LinkedHashMap<>();
    function.put("name", tool.name());
    if (!text.isEmpty()) {
      function.put("description", text.toString());
    }
    function.put(
        "parameters",
        Map.of(
            "type",
            "object",
            "properties",
            Map.of(INPUT, Map.of("type", "string", "description", "The whole input, as text.")),
            "required",
            List.of(INPUT),
            "additionalProperties",
            false));
    return new CustomTool(new ChatCompletionTool("function", function), pattern);
  }

  private static LinearPattern compile(String path, String regex) {
    try {
      return LinearPattern.compile("^(?:" + regex + ")$");
    } catch (IllegalArgumentException e) {
      throw wrong(path, "the regular expression is not supported: " + e.getMessage());
    }
  }

  private static InvalidRequestException wrong(String path, String why) {
    return InvalidRequestException.badValue(
        path + ".format", "invalid_value", "Invalid '%s.format': %s.".formatted(path, why));
  }

  /** Returns the function's arguments for a text. */
  private static String arguments(String input) {
    return JsonCodec.writeValue(Map.of(INPUT, input));
  }

  /**
   * Returns the text of a tool call.
   *
   * @param arguments a JSON object as text
   * @throws InvalidAnswerException if the text does not match the pattern
   */
  public String input(String arguments) {
    Map<String, @Nullable Object> members = JsonCodec.readObject(arguments).orElse(Map.of());
    String input = members.get(INPUT) instanceof String text ? text : arguments;
    if (pattern != null && !matches(pattern, input)) {
      throw new InvalidAnswerException(
          "The model called the custom tool '%s' with an input that does not match its grammar."
              .formatted(function.name()),
          input);
    }
    return input;
  }

  /** Returns the conversation with calls of custom tools replaced by function calls. */
  static List<ChatCompletionRequestMessage> asFunctions(
      List<ChatCompletionRequestMessage> messages) {
    return messages.stream().map(CustomTool::asFunctions).toList();
  }

  private static ChatCompletionRequestMessage asFunctions(ChatCompletionRequestMessage message) {
    return message instanceof AssistantMessage assistant
            && assistant.toolCalls().stream().anyMatch(ChatCompletionMessageToolCall::isCustom)
        ? new AssistantMessage(
            assistant.content(),
            assistant.name(),
            assistant.toolCalls().stream().map(CustomTool::asFunction).toList(),
            assistant.extra())
        : message;
  }

  private static ChatCompletionMessageToolCall asFunction(ChatCompletionMessageToolCall call) {
    return call.isCustom()
        ? new ChatCompletionMessageToolCall(call.id(), call.name(), arguments(call.arguments()))
        : call;
  }

  private static boolean matches(LinearPattern pattern, String input) {
    try {
      return pattern.find(input, new Steps(MAX_STEPS));
    } catch (Steps.ExhaustedException e) {
      return true; // too expensive to check here; the client must check it
    }
  }
}
