package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.regex.LinearPattern;
import io.github.openaikserve.internal.regex.Steps;
import io.github.openaikserve.openai.responses.ResponseTool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tool that takes free text, as a function with one text. Immutable.
 *
 * <p>A grammar of the text goes into the description of the function. The text of a call is checked
 * against a grammar that is a regular expression.
 *
 * @param function the definition of the function
 * @param pattern what a text has to match as a whole; null for any text
 */
record CustomTool(Map<String, @Nullable Object> function, @Nullable LinearPattern pattern) {
  private static final String INPUT = "input";
  private static final int MAX_STEPS = 5_000_000;

  /**
   * Returns the function for a custom tool.
   *
   * @param path of the tool in the request
   * @throws InvalidRequestException if its format is unknown or is not a regular expression
   */
  static CustomTool of(String path, ResponseTool tool) {
    Object description = tool.definition().get("description");
    var text = new StringBuilder(description == null ? "" : description.toString());
    LinearPattern pattern = null;
    if (tool.definition().get("format") instanceof Map<?, ?> format
        && !"text".equals(format.get("type"))) {
      String syntax = String.valueOf(format.get("syntax"));
      String definition = String.valueOf(format.get("definition"));
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
    return new CustomTool(function, pattern);
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

  /** Returns the arguments of the function for a text. */
  static String arguments(String input) {
    return JsonCodec.writeValue(Map.of(INPUT, input));
  }

  /**
   * Returns the text of a call; empty if the arguments are not complete.
   *
   * @throws InvalidAnswerException if the text does not match the pattern
   */
  Optional<String> input(String arguments) {
    Optional<String> input =
        JsonCodec.readObject(arguments)
            .map(members -> members.get(INPUT))
            .map(value -> value instanceof String text ? text : JsonCodec.writeValue(value));
    if (pattern != null && input.isPresent() && !matches(pattern, input.get())) {
      throw new InvalidAnswerException(
          "The model called the custom tool '%s' with an input that does not match its grammar."
              .formatted(function.get("name")),
          input.get());
    }
    return input;
  }

  private static boolean matches(LinearPattern pattern, String input) {
    try {
      return pattern.find(input, new Steps(MAX_STEPS));
    } catch (Steps.ExhaustedException e) {
      return true; // the client checks what is too long to be checked here
    }
  }
}
