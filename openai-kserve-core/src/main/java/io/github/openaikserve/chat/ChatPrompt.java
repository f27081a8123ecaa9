package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ContentPart;
import java.util.List;

/**
 * A conversation rendered as a prompt. Immutable.
 *
 * @param text the text that the model continues
 * @param stopSequences the texts that end an answer, because the template writes them between turns
 * @param endTokens the stop sequences that are end tokens of the model; they are not sent to
 *     servers that end at these tokens themselves
 * @param stripLeadingWhitespace whether leading white space of the answer belongs to the template
 *     and is removed
 * @param media the images and audio for which the text has placeholders, in the order of the
 *     placeholders
 */
public record ChatPrompt(
    String text,
    List<String> stopSequences,
    List<String> endTokens,
    boolean stripLeadingWhitespace,
    List<ContentPart.Media> media) {
  /** Copies the lists. */
  public ChatPrompt {
    stopSequences = List.copyOf(stopSequences);
    endTokens = List.copyOf(endTokens);
    media = List.copyOf(media);
  }

  /** Returns a copy of this prompt with text appended. */
  public ChatPrompt followedBy(String more) {
    return new ChatPrompt(text + more, stopSequences, endTokens, stripLeadingWhitespace, media);
  }

  /** Creates a prompt without end tokens. */
  public ChatPrompt(
      String text,
      List<String> stopSequences,
      boolean stripLeadingWhitespace,
      List<ContentPart.Media> media) {
    this(text, stopSequences, List.of(), stripLeadingWhitespace, media);
  }

  /** Creates a prompt without media and end tokens. */
  public ChatPrompt(String text, List<String> stopSequences, boolean stripLeadingWhitespace) {
    this(text, stopSequences, List.of(), stripLeadingWhitespace, List.of());
  }
}
