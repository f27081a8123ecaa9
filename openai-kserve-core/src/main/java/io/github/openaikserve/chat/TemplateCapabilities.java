package io.github.openaikserve.chat;

import io.github.openaikserve.internal.json.JsonCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The input conventions of a template, found by {@link TemplateProbe}.
 *
 * @param takesTools whether tool definitions are rendered
 * @param takesCalls whether tool calls are rendered
 * @param takesResults whether tool results are rendered
 * @param developer whether the role {@code developer} is supported
 * @param typedContent whether content must be a list of typed parts instead of a text
 * @param arguments the form of a tool call's arguments
 * @param nullContent whether the content of a tool call without text must be null instead of an
 *     empty text
 * @param shortIds whether ids of tool calls must have nine letters or digits
 * @param system the supported position of system messages
 * @param history the histories that are rendered without losing words
 * @param requiredOfTools the parts of a tool definition without which rendering fails: {@code
 *     description} and {@code parameters}
 * @param media OpenAI's types of supported media parts
 */
record TemplateCapabilities(
    boolean takesTools,
    boolean takesCalls,
    boolean takesResults,
    boolean developer,
    boolean typedContent,
    Arguments arguments,
    boolean nullContent,
    boolean shortIds,
    SystemPlace system,
    HistoryRules history,
    Set<String> requiredOfTools,
    Set<String> media) {
  /** The forms of arguments. Each can represent malformed JSON. */
  enum Arguments {
    /** JSON text; malformed text as a JSON string. */
    JSON,
    /** Values; malformed text as a string. */
    VALUES,
    /** Values in a mapping; malformed text as the only value, {@code arguments}. */
    MAPPING
  }

  /** Returns the capabilities of a template that supports everything. */
  static TemplateCapabilities all(
      boolean typed, boolean parsed, boolean nullContent, Set<String> media) {
    return new TemplateCapabilities(
        true,
        true,
        true,
        true,
        typed,
        parsed ? Arguments.VALUES : Arguments.JSON,
        nullContent,
        false,
        SystemPlace.ANYWHERE,
        HistoryRules.ANY,
        Set.of(),
        media);
  }

  /** Returns a copy with rules of histories. */
  TemplateCapabilities with(HistoryRules rules) {
    return new TemplateCapabilities(
        takesTools,
        takesCalls,
        takesResults,
        developer,
        typedContent,
        arguments,
        nullContent,
        shortIds,
        system,
        rules,
        requiredOfTools,
        media);
  }

  /** Returns the definition of a function with all required parts. */
  Map<String, @Nullable Object> definition(Map<String, @Nullable Object> given) {
    if (requiredOfTools.isEmpty()) {
      return given;
    }
    Map<String, @Nullable Object> definition = new LinkedHashMap<>(given);
    if (requiredOfTools.contains("description")) {
      definition.putIfAbsent("description", "");
    }
    if (requiredOfTools.contains("parameters")) {
      Map<String, @Nullable Object> schema = new LinkedHashMap<>();
      if (given.get("parameters") instanceof Map<?, ?> parameters) {
        parameters.forEach((key, value) -> schema.put(String.valueOf(key), value));
      }
      schema.putIfAbsent("type", "object");
      schema.putIfAbsent("properties", Map.of());
      definition.put("parameters", schema);
    }
    return definition;
  }

  Object content(String text) {
    return typedContent ? List.of(Map.of("type", "text", "text", text)) : text;
  }

  /** Returns the content of a message with tool calls and no text. */
  @Nullable Object noContent() {
    return nullContent ? null : content("");
  }

  /** Returns the arguments of a tool call in the form that the template expects. */
  Object arguments(String json) {
    Object values = values(json);
    boolean isObject = !(values instanceof String);
    return switch (arguments) {
      case JSON -> isObject && !json.isBlank() ? json : JsonCodec.writeValue(values);
      case VALUES -> values;
      case MAPPING -> isObject ? values : Map.of("arguments", values);
    };
  }

  /**
   * Returns an id unchanged, or its last nine letters and digits for Mistral's models, whose
   * templates reject other ids.
   */
  String id(String id) {
    if (!shortIds) {
      return id;
    }
    String known = "0".repeat(9) + id.replaceAll("[^A-Za-z0-9]", "");
    return known.substring(known.length() - 9);
  }

  /**
   * Returns arguments as values: an empty mapping for an empty text, and the text itself if it is
   * not an object.
   */
  static Object values(String json) {
    if (json.isBlank()) {
      return Map.of();
    }
    Optional<Map<String, @Nullable Object>> values = JsonCodec.readObject(json);
    return values.isPresent() ? values.get() : json;
  }
}
