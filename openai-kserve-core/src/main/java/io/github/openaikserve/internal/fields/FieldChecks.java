package io.github.openaikserve.internal.fields;

import io.github.openaikserve.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks and copies of request fields, with OpenAI's error messages. */
public final class FieldChecks {
  /** The maximum number of messages, prompts or choices; OpenAI's limit for messages. */
  public static final int MAX_ITEMS = 2048;

  /** The efforts of reasoning that OpenAI and Anthropic define, the least first. */
  public static final List<String> EFFORTS =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  /** The kinds of summaries of reasoning that OpenAI defines. */
  public static final List<String> SUMMARIES = List.of("auto", "concise", "detailed");

  /** The verbosities of a text that OpenAI defines. */
  public static final List<String> VERBOSITIES = List.of("low", "medium", "high");

  /** The truncations of an input that OpenAI defines. */
  public static final List<String> TRUNCATIONS = List.of("auto", "disabled");

  /** The optional parts of a response. */
  public static final List<String> INCLUDES =
      List.of(
          "code_interpreter_call.outputs",
          "computer_call_output.output.image_url",
          "file_search_call.results",
          "message.input_image.image_url",
          "message.output_text.logprobs",
          "reasoning.encrypted_content",
          "reasoning.text", // not OpenAI's
          "web_search_call.action.sources",
          "web_search_call.results");

  /** OpenAI's maximum number of stop sequences. */
  public static final int MAX_STOPS = 4;

  /** OpenAI's maximum number of choices of a prompt. */
  public static final int MAX_CHOICES = 128;

  /** The maximum nesting of a JSON value, as of a request over HTTP. */
  private static final int MAX_DEPTH = 500;

  private FieldChecks() {}

  public static void integer(String param, @Nullable Integer value, int min, int max) {
    if (value == null) {
      return;
    }
    if (value < min) {
      throw outside(param, "integer", "below minimum", "below_min", ">= " + min, value);
    }
    if (value > max) {
      throw outside(param, "integer", "above maximum", "above_max", "<= " + max, value);
    }
  }

  public static void decimal(String param, @Nullable Double value, int min, int max) {
    if (value == null) {
      return;
    }
    if (!(value >= min)) {
      throw outside(param, "decimal", "below minimum", "below_min", ">= " + min, value);
    }
    if (value > max) {
      throw outside(param, "decimal", "above maximum", "above_max", "<= " + max, value);
    }
  }

  /** Rejects a string that is not one of these values. */
  public static void word(String param, @Nullable String value, List<String> words) {
    if (value != null && !words.contains(value)) {
      throw unknownValue(param, value, words);
    }
  }

  /** Returns the error for a string that is not one of the supported values. */
  public static InvalidRequestException unknownValue(
      String param, String value, List<String> supported) {
    return InvalidRequestException.badValue(
        param,
        "invalid_value",
        "Invalid value: '%s'. Supported values are: %s."
            .formatted(InvalidRequestException.shown(value), listed(supported)));
  }

  /** Returns {@code 'a'}, {@code 'a' and 'b'}, or {@code 'a', 'b', and 'c'}. */
  private static String listed(List<String> words) {
    if (words.size() == 1) {
      return "'" + words.get(0) + "'";
    }
    String all = "'" + String.join("', '", words) + "'";
    int last = all.lastIndexOf(", ");
    return all.substring(0, last)
        + (words.size() > 2 ? "," : "")
        + " and"
        + all.substring(last + 1);
  }

  public static void notEmpty(String param, List<?> values) {
    if (values.isEmpty()) {
      throw InvalidRequestException.badValue(
          param,
          "empty_array",
          "Invalid '%s': empty array. Expected an array with minimum length 1, but got an empty array instead."
              .formatted(param));
    }
  }

  /** Rejects an array that is empty or longer than {@code max}. */
  public static void array(String param, List<?> values, int max) {
    notEmpty(param, values);
    if (values.size() > max) {
      throw InvalidRequestException.badValue(
          param,
          "array_above_max_length",
          "Invalid '%s': array too long. Expected an array with maximum length %d, but got an array with length %d instead."
              .formatted(param, max, values.size()));
    }
  }

  /** Rejects stop sequences unless they are null or one to four non-empty strings. */
  public static void stop(@Nullable List<String> stop) {
    if (stop == null) {
      return;
    }
    array("stop", stop, MAX_STOPS);
    if (stop.contains("")) {
      throw InvalidRequestException.badValue(
          "stop", "empty_string", "Invalid 'stop': a stop sequence must not be empty.");
    }
  }

  public static void logitBias(@Nullable Map<String, Double> bias) {
    if (bias != null) {
      bias.forEach((token, value) -> decimal("logit_bias", value, -100, 100));
    }
  }

  /**
   * Returns a deep, read-only copy of a JSON object. Preserves the order and null values.
   *
   * @throws IllegalArgumentException if the object is nested deeper than JSON may be, such as one
   *     that contains itself
   */
  public static Map<String, @Nullable Object> json(Map<String, ? extends @Nullable Object> object) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    object.forEach((name, value) -> copy.put(name, copy(value)));
    return Collections.unmodifiableMap(copy);
  }

  /**
   * Returns a deep, read-only copy of a JSON value.
   *
   * @throws IllegalArgumentException as {@link #json}
   */
  public static @Nullable Object copy(@Nullable Object value) {
    return copy(value, 0);
  }

  private static @Nullable Object copy(@Nullable Object value, int depth) {
    return value == null ? null : deepCopy(value, depth);
  }

  /**
   * Returns a deep, read-only copy of a JSON value.
   *
   * @throws IllegalArgumentException as {@link #json}
   */
  public static Object deepCopy(Object value) {
    return deepCopy(value, 0);
  }

  private static Object deepCopy(Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "a JSON value is nested deeper than %d levels".formatted(MAX_DEPTH));
    }
    if (value instanceof Map<?, ?> map) {
      Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((name, member) -> copy.put(name, copy(member, depth + 1)));
      return Collections.unmodifiableMap(copy);
    }
    if (value instanceof Collection<?> values) {
      List<@Nullable Object> copy = new ArrayList<>(values.size());
      values.forEach(element -> copy.add(copy(element, depth + 1)));
      return Collections.unmodifiableList(copy);
    }
    return value;
  }

  /**
   * Requires a list without null elements.
   *
   * @throws NullPointerException naming the first element that is null
   */
  public static void elements(String name, @Nullable List<?> values) {
    int i = 0;
    for (Object value : values == null ? List.of() : values) { // a linked list has no fast get
      if (value == null) {
        throw new NullPointerException(name + "[" + i + "]");
      }
      i++;
    }
  }

  /**
   * Requires a map without null keys and values.
   *
   * @throws NullPointerException naming an entry that is or has null
   */
  public static void entries(String name, @Nullable Map<?, ?> entries) {
    if (entries != null) {
      entries.forEach(
          (key, value) -> {
            if (key == null || value == null) {
              throw new NullPointerException(name + "." + key);
            }
          });
    }
  }

  public static <T> @Nullable List<T> listOrNull(@Nullable List<? extends T> values) {
    return values == null ? null : Collections.unmodifiableList(new ArrayList<>(values));
  }

  private static InvalidRequestException outside(
      String param, String kind, String where, String code, String expected, Number got) {
    return InvalidRequestException.badValue(
        param,
        "%s_%s_value".formatted(kind, code),
        "Invalid '%s': %s %s value. Expected a value %s, but got %s instead."
            .formatted(param, kind, where, expected, got));
  }
}
