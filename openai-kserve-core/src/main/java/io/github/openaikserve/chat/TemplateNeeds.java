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
 * @param parsedArguments whether the arguments of a call are values, not their JSON
 * @param nullContent whether a call without words has null for its content, not an empty text
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
    boolean parsedArguments,
    boolean nullContent,
    Set<String> media,
    @Nullable ToolCallFormat callsAsText) {
  /** What transformers gives; with or without a place for tools. */
  static TemplateNeeds usual(boolean tools) {
    return new TemplateNeeds(tools, tools, tools, false, false, true, true, Set.of(), null);
  }

  /** Returns these needs with a format for calls that the template has no place for. */
  TemplateNeeds writingCallsAs(@Nullable ToolCallFormat format) {
    return new TemplateNeeds(
        takesTools,
        takesCalls,
        takesResults,
        developer,
        typedContent,
        parsedArguments,
        nullContent,
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

  /** The arguments of a call; text that is not a JSON object stays a string. */
  Object arguments(String json) {
    Object values = values(json);
    if (parsedArguments) {
      return values;
    }
    return values instanceof String || json.isBlank() ? JsonCodec.writeValue(values) : json;
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
