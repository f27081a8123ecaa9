package io.github.openaikserve.internal.request;

import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.regex.LarkGrammar;
import io.github.openaikserve.internal.regex.LinearPattern;
import io.github.openaikserve.internal.regex.Steps;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A custom tool, which takes free text, represented as a function with one text parameter.
 * Immutable.
 *
 * <p>The model sees the tool's calls in a conversation as calls of the function. The description of
 * the function contains the grammar of the text. The text of a call is checked against the grammar.
 *
 * @param function the function that the model sees
 * @param grammar a check of the whole text; null to accept any text
 * @param unchecked whether the tool has a grammar that is not supported and so not checked
 */
public record CustomTool(
    ChatCompletionTool function, @Nullable BiPredicate<String, Steps> grammar, boolean unchecked) {
  private static final String INPUT = "input";

  /** The maximum number of steps of a check. Each step may use some bytes of memory. */
  private static final int MAX_STEPS = 2_000_000;

  /**
   * Returns the function for a custom tool.
   *
   * @param path the path of the tool in the request
   * @throws InvalidRequestException if its format is unknown or is not a regular expression
   */
  static CustomTool of(String path, ChatCompletionTool tool) {
    Object description = tool.definition().get("description");
    var text = new StringBuilder(description == null ? "" : description.toString());
    BiPredicate<String, Steps> check = null;
    boolean unchecked = false;
    if (tool.definition().get("format") instanceof Map<?, ?> format
        && !"text".equals(format.get("type"))) {
      Map<?, ?> grammar = format.get("grammar") instanceof Map<?, ?> map ? map : Map.of();
      String syntax = String.valueOf(grammar.get("syntax"));
      String definition = String.valueOf(grammar.get("definition"));
      check =
          switch (syntax) {
            case "regex" -> regex(path, definition);
            case "lark" -> lark(path, definition);
            default ->
                throw wrong(
                    path,
                    "expected the type 'text', or 'grammar' with the syntax 'lark' or 'regex'");
          };
      unchecked = check == null;
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
    return new CustomTool(new ChatCompletionTool("function", function), check, unchecked);
  }

  private static BiPredicate<String, Steps> regex(String path, String regex) {
    try {
      return LinearPattern.compile("^(?:" + regex + ")$")::find;
    } catch (IllegalArgumentException e) {
      throw wrong(path, "the regular expression is not supported: " + e.getMessage());
    }
  }

  /** Returns a check against a Lark grammar; null if the grammar uses an unsupported feature. */
  private static @Nullable BiPredicate<String, Steps> lark(String path, String grammar) {
    try {
      return LarkGrammar.compile(grammar)::matches;
    } catch (LarkGrammar.UnsupportedException e) {
      return null;
    } catch (IllegalArgumentException e) {
      throw wrong(path, "the Lark grammar is malformed: " + e.getMessage());
    }
  }

  private static InvalidRequestException wrong(String path, String why) {
    return InvalidRequestException.badValue(
        path + ".format", "invalid_value", "Invalid '%s.format': %s.".formatted(path, why));
  }

  /** Returns the function's arguments for a text. */
  static String arguments(String input) {
    return JsonCodec.writeValue(Map.of(INPUT, input));
  }

  /**
   * Returns the text of a tool call.
   *
   * @param arguments the function's arguments: a JSON object as text
   * @throws InvalidAnswerException if the text does not match the grammar
   */
  public String input(String arguments) {
    Map<String, @Nullable Object> members = JsonCodec.readObject(arguments).orElse(Map.of());
    String input = members.get(INPUT) instanceof String text ? text : arguments;
    if (grammar != null && !matches(grammar, input)) {
      throw new InvalidAnswerException(
          "The model called the custom tool '%s' with an input that does not match its grammar."
              .formatted(function.name()),
          input);
    }
    return input;
  }

  private static boolean matches(BiPredicate<String, Steps> grammar, String input) {
    try {
      return grammar.test(input, new Steps(MAX_STEPS));
    } catch (Steps.ExhaustedException e) {
      return true; // too expensive to check here; the client must check it
    }
  }
}
