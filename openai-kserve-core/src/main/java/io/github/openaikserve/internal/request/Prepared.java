package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.model.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prepared request, ready to be sent. Immutable.
 *
 * @param prompts one generation for each prompt
 * @param perPrompt the number of choices of each prompt
 * @param stripLeadingWhitespace whether leading white space of the answer belongs to the template
 *     and is removed
 * @param plan the plan for parsing the text of the answers
 * @param stops the stop sequences at which this library cuts the text, regardless of whether the
 *     server receives them
 * @param format the emulated response format that answers are checked against; null for none
 * @param handlings the handling of each field, by its JSON name
 * @param droppedParams the JSON names of the fields that have no effect
 */
public record Prepared(
    Route route,
    List<Generation> prompts,
    int perPrompt,
    boolean stripLeadingWhitespace,
    OutputPlan plan,
    List<String> stops,
    @Nullable AnswerFormat format,
    Map<String, FieldHandling> handlings,
    List<String> droppedParams) {
  /** The end token of some models that is also the end tag of struck text. */
  private static final String HTML = "</s>";

  public Prepared {
    stops = List.copyOf(stops);
  }

  /** Returns the stop sequences that a request asks for; empty for none. */
  @SuppressWarnings("unchecked")
  static List<String> requestedStops(Map<RequestField, Object> fields) {
    Object stops = fields.get(RequestField.STOP);
    return stops == null ? List.of() : (List<String>) stops;
  }

  /** Returns the stop sequences of a request at which this library cuts the text. */
  static List<String> cuts(Map<RequestField, Object> fields) {
    return fields.containsKey(RequestField.INCLUDE_STOP_STR_IN_OUTPUT)
        ? List.of() // the server ends the text after the sequence
        : requestedStops(fields);
  }

  /**
   * Returns the template's stop sequences at which this library cuts the content. If the server
   * ends at the end token itself, a text that looks like it may be HTML.
   */
  static List<String> ends(Route route, Map<RequestField, Object> fields, ChatPrompt prompt) {
    if (fields.containsKey(RequestField.INCLUDE_STOP_STR_IN_OUTPUT)) {
      return List.of();
    }
    List<String> ends = new ArrayList<>(prompt.stopSequences());
    if (route.requireDialect().knowsEndTokens() && prompt.endTokens().contains(HTML)) {
      ends.remove(HTML);
    }
    return ends;
  }

  /** Returns a copy with other dropped fields. */
  public Prepared withDroppedParams(List<String> dropped) {
    return new Prepared(
        route, prompts, perPrompt, stripLeadingWhitespace, plan, stops, format, handlings, dropped);
  }

  /** Returns the number of choices of all prompts. */
  public int choices() {
    return prompts.size() * perPrompt;
  }

  /** Returns the text of the prompt of each choice. */
  public List<String> echoes() {
    return prompts.stream()
        .flatMap(prompt -> Collections.nCopies(perPrompt, prompt.prompt()).stream())
        .toList();
  }

  /**
   * Returns the generation of one choice of a prompt. Each choice gets a different seed, because
   * all choices would be identical with one seed. The seed is the request's seed plus the index,
   * and stays within 31 bits if the request's seed does.
   */
  public static Generation choice(Generation prompt, int index) {
    if (index == 0 || !(prompt.value(RequestField.SEED) instanceof Long seed)) {
      return prompt;
    }
    long last = seed <= Integer.MAX_VALUE ? Integer.MAX_VALUE : Long.MAX_VALUE;
    boolean wraps = seed > last - index;
    return prompt.with(RequestField.SEED, wraps ? index - (last - seed) - 1 : seed + index);
  }
}
