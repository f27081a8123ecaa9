package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every request checks and copies, with OpenAI's own words for what is wrong. */
final class Limits {
  /** How many messages, prompts or choices a request may have; OpenAI's own for messages. */
  static final int MAX_ITEMS = 2048;

  /** How many stop sequences a request may have; OpenAI's own. */
  static final int MAX_STOPS = 4;

  /** How many choices a prompt may have; OpenAI's own. */
  static final int MAX_CHOICES = 128;

  private Limits() {}

  static void integer(String param, @Nullable Integer value, int min, int max) {
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

  static void decimal(String param, @Nullable Double value, int min, int max) {
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

  static void notEmpty(String param, List<?> values) {
    if (values.isEmpty()) {
      throw InvalidRequestException.badValue(
          param,
          "empty_array",
          "Invalid '%s': empty array. Expected an array with minimum length 1, but got an empty array instead."
              .formatted(param));
    }
  }

  /** Refuses an array that is empty or longer than {@code max}. */
  static void array(String param, List<?> values, int max) {
    notEmpty(param, values);
    if (values.size() > max) {
      throw InvalidRequestException.badValue(
          param,
          "array_above_max_length",
          "Invalid '%s': array too long. Expected an array with maximum length %d, but got an array with length %d instead."
              .formatted(param, max, values.size()));
    }
  }

  /** The stop sequences, copied: null or one to four, none of them empty. */
  static @Nullable List<String> stop(@Nullable List<String> stop) {
    if (stop == null) {
      return null;
    }
    array("stop", stop, MAX_STOPS);
    if (stop.contains("")) {
      throw InvalidRequestException.badValue(
          "stop", "empty_string", "Invalid 'stop': a stop sequence must not be empty.");
    }
    return List.copyOf(stop);
  }

  static void streamOptions(@Nullable StreamOptions options, @Nullable Boolean stream) {
    if (options != null && !Boolean.TRUE.equals(stream)) {
      throw InvalidRequestException.badValue(
          "stream_options",
          null,
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
    }
  }

  static void logitBias(@Nullable Map<String, Double> bias) {
    if (bias != null) {
      bias.forEach((token, value) -> decimal("logit_bias", value, -100, 100));
    }
  }

  /** A read-only copy that keeps the order and allows null values, as JSON does. */
  static Map<String, @Nullable Object> json(Map<String, ? extends @Nullable Object> values) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  static @Nullable Map<String, @Nullable Object> jsonOrNull(
      @Nullable Map<String, ? extends @Nullable Object> values) {
    return values == null ? null : json(values);
  }

  static <T> @Nullable List<T> listOrNull(@Nullable List<? extends T> values) {
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
