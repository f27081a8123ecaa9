package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ContentPart;
import java.util.List;

/**
 * A conversation written down for a model. Immutable.
 *
 * @param text what the model is to continue
 * @param stopSequences texts at which the answer is over, because the template itself writes them
 *     between turns
 * @param endTokens those of the stop sequences that are tokens by which the model itself ends an
 *     answer: a server that ends there by itself does not receive them
 * @param trimsAnswer whether white space in front of the answer belongs to the template and not to
 *     the answer
 * @param media images and sounds that the text has places for, in the order of these
 */
public record ChatPrompt(
    String text,
    List<String> stopSequences,
    List<String> endTokens,
    boolean trimsAnswer,
    List<ContentPart.Media> media) {
  /** Copies the lists. */
  public ChatPrompt {
    stopSequences = List.copyOf(stopSequences);
    endTokens = List.copyOf(endTokens);
    media = List.copyOf(media);
  }

  /** Returns this prompt with more text at its end. */
  public ChatPrompt followedBy(String more) {
    return new ChatPrompt(text + more, stopSequences, endTokens, trimsAnswer, media);
  }

  /** Creates a prompt without end tokens. */
  public ChatPrompt(
      String text, List<String> stopSequences, boolean trimsAnswer, List<ContentPart.Media> media) {
    this(text, stopSequences, List.of(), trimsAnswer, media);
  }

  /** Creates a prompt of nothing but text, without end tokens. */
  public ChatPrompt(String text, List<String> stopSequences, boolean trimsAnswer) {
    this(text, stopSequences, List.of(), trimsAnswer, List.of());
  }
}
