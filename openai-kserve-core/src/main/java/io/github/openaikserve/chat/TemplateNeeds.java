package io.github.openaikserve.chat;

import io.github.openaikserve.internal.json.JsonCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a template wants to be given what it writes down: templates disagree. {@link TemplateProbe}
 * finds out.
 *
 * @param takesTools whether definitions of tools are written down at all
 * @param takesCalls whether calls and answers of tools are
 * @param typedContent whether content is a list of typed parts, not a text
 * @param parsedArguments whether the arguments of a call are values, not their JSON
 * @param nullContent whether a call without words has null for its content, not an empty text
 * @param media the types of parts, as OpenAI calls them, that it has places for besides text
 */
record TemplateNeeds(
    boolean takesTools,
    boolean takesCalls,
    boolean typedContent,
    boolean parsedArguments,
    boolean nullContent,
    Set<String> media) {
  /** What transformers gives; with or without a place for tools. */
  static TemplateNeeds usual(boolean tools) {
    return new TemplateNeeds(tools, tools, false, true, true, Set.of());
  }

  Object content(String text) {
    return typedContent ? List.of(Map.of("type", "text", "text", text)) : text;
  }

  /** The content of a message that makes calls and says nothing. */
  @Nullable Object noContent() {
    return nullContent ? null : content("");
  }

  /** The arguments of a call; the text they came in when it is not that of a JSON object. */
  Object arguments(String json) {
    if (!parsedArguments) {
      return json;
    }
    Optional<Map<String, @Nullable Object>> values = JsonCodec.readObject(json);
    return values.isPresent() ? values.get() : json;
  }
}
