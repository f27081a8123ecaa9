package io.github.openaikserve.internal.fields;

import io.github.openaikserve.error.InvalidRequestException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks of OpenAI's fields without effect whose values OpenAI checks, with its error messages.
 * Most of them are extra fields of a request. JSON was checked when it was read.
 */
public final class KeptFieldChecks {
  /** The service tiers of a chat that OpenAI defines. */
  public static final List<String> CHAT_TIERS =
      List.of("auto", "default", "flex", "scale", "priority", "fast");

  /** The service tiers of a response that OpenAI defines. */
  public static final List<String> RESPONSE_TIERS =
      List.of("auto", "default", "flex", "scale", "priority", "fast", "ultrafast");

  /** The retentions of the prompt cache that OpenAI defines. */
  public static final List<String> CACHE_RETENTIONS = List.of("in_memory", "24h");

  /** The modes of the prompt cache that OpenAI defines. */
  public static final List<String> CACHE_MODES = List.of("implicit", "explicit");

  /** The lifetimes of the prompt cache that OpenAI defines. */
  public static final List<String> CACHE_TTLS = List.of("30m");

  /** OpenAI's maximum length of {@code safety_identifier}, in characters. */
  private static final int MAX_SAFETY_IDENTIFIER = 64;

  private static final String CACHE = "prompt_cache_options";
  private static final String SAFETY = "safety_identifier";
  private static final int MAX_METADATA = 16;
  private static final int MAX_METADATA_KEY = 64;
  private static final int MAX_METADATA_VALUE = 512;

  private KeptFieldChecks() {}

  /**
   * Checks the extra fields of a chat.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public static void chat(Map<String, @Nullable Object> extra) {
    shared(extra, CHAT_TIERS);
    metadataEntries(extra.get("metadata"));
  }

  /**
   * Checks the extra fields of a response.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public static void response(Map<String, @Nullable Object> extra) {
    shared(extra, RESPONSE_TIERS);
  }

  private static void shared(Map<String, @Nullable Object> extra, List<String> tiers) {
    word("service_tier", extra.get("service_tier"), tiers);
    word("prompt_cache_retention", extra.get("prompt_cache_retention"), CACHE_RETENTIONS);
    identifier(extra.get(SAFETY));
    Object cache = extra.get(CACHE);
    if (cache instanceof Map<?, ?> options) {
      word(CACHE + ".mode", options.get("mode"), CACHE_MODES);
      word(CACHE + ".ttl", options.get("ttl"), CACHE_TTLS);
    } else if (cache != null) {
      throw wrongType(CACHE, "an object", cache);
    }
  }

  private static void word(String param, @Nullable Object value, List<String> words) {
    if (value instanceof String text) {
      FieldChecks.word(param, text, words);
    } else if (value != null) {
      throw wrongType(param, "a string", value);
    }
  }

  private static void identifier(@Nullable Object value) {
    if (value instanceof String text) {
      if (length(text) > MAX_SAFETY_IDENTIFIER) {
        throw InvalidRequestException.badValue(
            SAFETY,
            "string_above_max_length",
            "Invalid '%s': string too long. Expected a string with maximum length %d, but got a string with length %d instead."
                .formatted(SAFETY, MAX_SAFETY_IDENTIFIER, length(text)));
      }
    } else if (value != null) {
      throw wrongType(SAFETY, "a string", value);
    }
  }

  /** Rejects metadata with more or longer entries than OpenAI's limits allow. */
  public static void metadata(@Nullable Map<String, String> metadata) {
    if (metadata != null && metadata.size() > MAX_METADATA) {
      throw InvalidRequestException.badValue(
          "metadata",
          "invalid_value",
          "Invalid 'metadata': expected at most %d entries, but got %d."
              .formatted(MAX_METADATA, metadata.size()));
    }
    metadataEntries(metadata);
  }

  /**
   * Rejects metadata unless it is an object of strings that are not longer than OpenAI's limits
   * allow. The number of entries has a limit of the service.
   */
  private static void metadataEntries(@Nullable Object metadata) {
    if (metadata == null) {
      return;
    }
    if (!(metadata instanceof Map<?, ?> entries)) {
      throw wrongType("metadata", "an object", metadata);
    }
    entries.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          if (!(value instanceof String text)) {
            throw wrongType("metadata." + InvalidRequestException.shown(name), "a string", value);
          }
          if (length(name) > MAX_METADATA_KEY || length(text) > MAX_METADATA_VALUE) {
            throw InvalidRequestException.badValue(
                "metadata",
                "invalid_value",
                "Invalid 'metadata': expected keys of at most %d and values of at most %d characters."
                    .formatted(MAX_METADATA_KEY, MAX_METADATA_VALUE));
          }
        });
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Returns the error for a plain JSON value of a wrong type. */
  private static InvalidRequestException wrongType(
      String param, String expected, @Nullable Object got) {
    return InvalidRequestException.badValue(
        param,
        "invalid_type",
        "Invalid type for '%s': expected %s, but got %s instead."
            .formatted(param, expected, kind(got)));
  }

  private static String kind(@Nullable Object value) {
    if (value instanceof Number number) {
      boolean whole = number.doubleValue() == Math.rint(number.doubleValue());
      return whole ? "an integer" : "a decimal";
    }
    if (value instanceof Map<?, ?>) {
      return "an object";
    }
    if (value instanceof Collection<?>) {
      return "an array";
    }
    if (value instanceof Boolean) {
      return "a boolean";
    }
    return value == null ? "null" : "a string";
  }
}
