package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Checks of untyped field values: the extra fields of a request and the configured default
 * parameters.
 */
public final class FieldValues {
  /** Larger than any context window; dialects send it if a chat has no limit. */
  private static final int MOST_TOKENS = 1 << 20;

  private static final int MAX_STOPS = 4;

  /** The fields that can only be set by a builder method, not as an extra field or a default. */
  private static final Set<RequestField> SET_BY_METHOD_ONLY =
      EnumSet.of(
          RequestField.MODEL,
          RequestField.MESSAGES,
          RequestField.PROMPT,
          RequestField.SUFFIX,
          RequestField.STREAM,
          RequestField.STREAM_OPTIONS,
          RequestField.N,
          RequestField.BEST_OF,
          RequestField.ECHO,
          RequestField.LOGPROBS,
          RequestField.TOP_LOGPROBS,
          RequestField.RESPONSE_FORMAT,
          RequestField.TOOLS,
          RequestField.TOOL_CHOICE,
          RequestField.PARALLEL_TOOL_CALLS);

  private FieldValues() {}

  /**
   * Returns the value of an extra field, converted to the type that {@link RequestField} specifies.
   *
   * @throws InvalidRequestException if the value has another type or is out of range, or the field
   *     cannot be an extra field
   */
  static Object extra(RequestField field, String name, Object value) {
    if (SET_BY_METHOD_ONLY.contains(field)) {
      throw InvalidRequestException.badValue(
          name,
          "unsupported_value",
          "Invalid '%s': not supported as an extra field. Use the request's own field '%s'."
              .formatted(name, field.jsonName()));
    }
    Object typed =
        field == RequestField.MODALITIES ? words(name, value) : typed(field, name, value);
    return typed == null ? value : typed;
  }

  /**
   * Adds a default parameter of a model, converted to the type that {@link RequestField} specifies.
   *
   * @throws IllegalArgumentException if the field is unknown or cannot have a default, or the value
   *     has another type or is out of range
   */
  public static void addDefault(Map<RequestField, Object> defaults, String name, Object value) {
    RequestField field = RequestFields.named(name);
    if (field == null) {
      throw new IllegalArgumentException("default parameter '%s': unknown field".formatted(name));
    }
    Object typed;
    try {
      typed = typed(field, name, value);
    } catch (InvalidRequestException e) {
      throw new IllegalArgumentException(
          "default parameter '%s': %s".formatted(name, e.getMessage()), e);
    }
    if (typed == null) {
      throw new IllegalArgumentException(
          "default parameter '%s': this field cannot have a default".formatted(name));
    }
    defaults.put(field, typed);
  }

  /** Returns the typed value of a generation field; null for any other field. */
  private static @Nullable Object typed(RequestField field, String name, Object value) {
    return switch (field) {
      case MAX_TOKENS -> (int) integer(name, value, 1, Integer.MAX_VALUE);
      case TOP_K, TRUNCATE_PROMPT_TOKENS, THINKING_TOKEN_BUDGET ->
          (int) integer(name, value, -1, Integer.MAX_VALUE);
      case MIN_TOKENS -> (int) integer(name, value, 0, MOST_TOKENS);
      case PRIORITY -> (int) integer(name, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case SEED -> integer(name, value, Long.MIN_VALUE, Long.MAX_VALUE);
      case TEMPERATURE -> decimal(name, value, 0, 2);
      case TOP_P -> decimal(name, value, 0, 1);
      case PRESENCE_PENALTY, FREQUENCY_PENALTY -> decimal(name, value, -2, 2);
      case MIN_P -> decimal(name, value, 0, 1);
      case REPETITION_PENALTY -> positive(name, value);
      case LENGTH_PENALTY -> decimal(name, value, -Float.MAX_VALUE, Float.MAX_VALUE);
      case SKIP_SPECIAL_TOKENS,
          IGNORE_EOS,
          INCLUDE_STOP_STR_IN_OUTPUT,
          SPACES_BETWEEN_SPECIAL_TOKENS,
          CONTINUE_FINAL_MESSAGE,
          ADD_GENERATION_PROMPT ->
          as(Boolean.class, "a boolean", name, value);
      case REASONING_EFFORT, VERBOSITY, LORA_NAME -> as(String.class, "a string", name, value);
      case CHAT_TEMPLATE_KWARGS, VLLM_XARGS -> as(Map.class, "an object", name, value);
      case LOGIT_BIAS -> logitBias(name, as(Map.class, "an object", name, value));
      case STOP_TOKEN_IDS, ALLOWED_TOKEN_IDS -> tokens(name, value);
      case STOP -> stop(name, value);
      case BAD_WORDS -> words(name, value);
      case STRUCTURED_OUTPUTS -> StructuredOutputs.of(name, value);
      default -> null;
    };
  }

  private static long integer(String name, Object value, long min, long max) {
    Number number = as(Number.class, "an integer", name, value);
    long exact;
    try {
      exact = new BigDecimal(number.toString()).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw wrongType(name, "an integer", e);
    }
    if (exact < min || exact > max) {
      throw outOfRange(name, "an integer", min, max);
    }
    return exact;
  }

  private static double decimal(String name, Object value, double min, double max) {
    double number = as(Number.class, "a number", name, value).doubleValue();
    if (!(number >= min && number <= max)) {
      throw outOfRange(name, "a number", min, max);
    }
    return number;
  }

  /**
   * Returns a number greater than 0. It must also be greater than 0 as a 32-bit float, which is the
   * type of its tensor.
   */
  private static double positive(String name, Object value) {
    double number = as(Number.class, "a number", name, value).doubleValue();
    if (!((float) number > 0 && (float) number <= Float.MAX_VALUE)) {
      throw InvalidRequestException.badValue(
          name, "invalid_value", "Invalid '%s': expected a number greater than 0.".formatted(name));
    }
    return number;
  }

  private static int[] tokens(String name, Object value) {
    return elements(
            value,
            name,
            "an array of integers",
            (path, element) -> integer(path, element, 0, Integer.MAX_VALUE))
        .stream()
        .mapToInt(Long::intValue)
        .toArray();
  }

  private static List<String> stop(String name, Object value) {
    List<String> stops =
        value instanceof String text
            ? List.of(text)
            : elements(
                value,
                name,
                "a string or an array of strings",
                (path, element) -> as(String.class, "a string", path, element));
    if (stops.isEmpty() || stops.size() > MAX_STOPS || stops.contains("")) {
      throw InvalidRequestException.badValue(
          name,
          "invalid_value",
          "Invalid '%s': expected 1 to %d strings, none of them empty.".formatted(name, MAX_STOPS));
    }
    return stops;
  }

  private static List<String> words(String name, Object value) {
    List<String> words =
        elements(
            value,
            name,
            "an array of strings",
            (path, element) -> as(String.class, "a string", path, element));
    if (words.contains("")) {
      throw InvalidRequestException.badValue(
          name, "invalid_value", "Invalid '%s': expected no empty strings.".formatted(name));
    }
    return words;
  }

  private static Map<String, Double> logitBias(String name, Map<?, ?> biases) {
    Map<String, Double> byToken = new LinkedHashMap<>();
    biases.forEach(
        (token, bias) -> byToken.put(String.valueOf(token), decimal(name, bias, -100, 100)));
    RequestCheck.tokenIds(name, byToken.keySet());
    return byToken;
  }

  private static <T> List<T> elements(
      Object value, String name, String expected, BiFunction<String, Object, T> reader) {
    List<T> elements = new ArrayList<>();
    for (Object element : as(List.class, expected, name, value)) {
      elements.add(reader.apply(name + "[" + elements.size() + "]", element));
    }
    return elements;
  }

  private static <T> T as(Class<T> type, String expected, String name, @Nullable Object value) {
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw wrongType(name, expected, null);
  }

  private static InvalidRequestException wrongType(
      String name, String expected, @Nullable Throwable cause) {
    return new InvalidRequestException(
        400,
        "invalid_type",
        name,
        "Invalid type for '%s': expected %s.".formatted(name, expected),
        cause);
  }

  private static InvalidRequestException outOfRange(
      String name, String expected, Number min, Number max) {
    return InvalidRequestException.badValue(
        name,
        "invalid_value",
        "Invalid '%s': expected %s from %s to %s.".formatted(name, expected, min, max));
  }
}
