package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.internal.json.JsonCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a template takes, and in which form: templates disagree. {@link TemplateProbe} finds out.
 *
 * @param takesTools whether definitions of tools are rendered at all
 * @param takesCalls whether tool calls are
 * @param takesResults whether the results of tools are
 * @param developer whether the role {@code developer} is known
 * @param typedContent whether content is a list of typed parts, not a text
 * @param arguments the form of the arguments of a call
 * @param nullContent whether a call without words has null for its content, not an empty text
 * @param system where system messages may stand
 * @param splitsCalls whether text and calls of one message have to be two, because the template
 *     would leave the text out
 * @param media the types of parts, as OpenAI calls them, that have a place in addition to text
 * @param callsAsText the format in which calls are written into the content, where the template
 *     takes tools and has no place for calls; null if it has one, or the format is not known
 */
record TemplateNeeds(
    boolean takesTools,
    boolean takesCalls,
    boolean takesResults,
    boolean developer,
    boolean typedContent,
    Arguments arguments,
    boolean nullContent,
    SystemPlace system,
    boolean splitsCalls,
    Set<String> media,
    @Nullable ToolCallFormat callsAsText) {
  /** The forms of arguments. Malformed JSON has a place in each. */
  enum Arguments {
    /** Their JSON; malformed text as a JSON string. */
    JSON,
    /** Values; malformed text as a string. */
    VALUES,
    /** Values in a mapping; malformed text as the only one, {@code arguments}. */
    MAPPING
  }

  /** Returns the needs of a template that takes everything. */
  static TemplateNeeds all(boolean typed, boolean parsed, boolean nullContent, Set<String> media) {
    return new TemplateNeeds(
        true,
        true,
        true,
        true,
        typed,
        parsed ? Arguments.VALUES : Arguments.JSON,
        nullContent,
        SystemPlace.ANYWHERE,
        false,
        media,
        null);
  }

  /** Returns these needs with a format for calls that the template has no place for. */
  TemplateNeeds writingCallsAs(@Nullable ToolCallFormat format) {
    return new TemplateNeeds(
        takesTools,
        takesCalls,
        takesResults,
        developer,
        typedContent,
        arguments,
        nullContent,
        system,
        splitsCalls,
        media,
        format);
  }

  Object content(String text) {
    return typedContent ? List.of(Map.of("type", "text", "text", text)) : text;
  }

  /** The content of a message that makes calls and has no words. */
  @Nullable Object noContent() {
    return nullContent ? null : content("");
  }

  /** The arguments of a call as the template takes them. */
  Object arguments(String json) {
    Object values = values(json);
    boolean isObject = !(values instanceof String);
    return switch (arguments) {
      case JSON -> isObject && !json.isBlank() ? json : JsonCodec.writeValue(values);
      case VALUES -> values;
      case MAPPING -> isObject ? values : Map.of("arguments", values);
    };
  }

  /** Returns arguments as values; none for no text, and the text itself if it is not an object. */
  static Object values(String json) {
    if (json.isBlank()) {
      return Map.of();
    }
    Optional<Map<String, @Nullable Object>> values = JsonCodec.readObject(json);
    return values.isPresent() ? values.get() : json;
  }
}
