package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.model.Route;
import java.util.List;

/**
 * The prompt that a chat request would send. Immutable.
 *
 * @param droppedParams the JSON names of the fields that have no effect
 */
public record RenderedPrompt(Route route, String text, List<String> droppedParams) {
  /** Copies the list. */
  public RenderedPrompt {
    droppedParams = List.copyOf(droppedParams);
  }
}
