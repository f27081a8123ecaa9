package io.github.openaikserve.chat;

import java.util.List;

/**
 * A conversation written down for a model. Immutable.
 *
 * @param text what the model is to continue
 * @param stopSequences texts at which the answer is over, because the template itself writes them
 *     between turns
 * @param trimsAnswer whether white space in front of the answer belongs to the template and not to
 *     the answer
 */
public record ChatPrompt(String text, List<String> stopSequences, boolean trimsAnswer) {
  /** Copies the list. */
  public ChatPrompt {
    stopSequences = List.copyOf(stopSequences);
  }
}
