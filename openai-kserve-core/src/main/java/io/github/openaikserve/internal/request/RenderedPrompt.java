package io.github.openaikserve.internal.request;

import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.model.Route;
import java.util.Arrays;
import java.util.List;

/**
 * The prompt that would be sent for a chat request. Immutable.
 *
 * @param ids the token ids if the prompt is sent as token ids; otherwise empty
 * @param droppedParams the JSON names of the fields that have no effect
 */
public record RenderedPrompt(
    Route route, String text, List<Integer> ids, List<String> droppedParams) {
  /** Copies the lists. */
  public RenderedPrompt {
    ids = List.copyOf(ids);
    droppedParams = List.copyOf(droppedParams);
  }

  /** Returns the prompt of a prepared request. */
  public static RenderedPrompt of(Prepared prepared, List<String> droppedParams) {
    Generation prompt = prepared.prompts().get(0);
    List<Integer> ids =
        prompt.value(RequestField.PROMPT_TOKEN_IDS) instanceof int[] sent
            ? Arrays.stream(sent).boxed().toList()
            : List.of();
    return new RenderedPrompt(prepared.route(), prompt.prompt(), ids, droppedParams);
  }

  /** Counts the tokens with the route's counter. */
  public int countTokens() {
    return ids.isEmpty() ? route.tokenCounter().count(text) : ids.size();
  }
}
