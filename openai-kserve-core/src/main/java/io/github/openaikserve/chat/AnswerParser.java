package io.github.openaikserve.chat;

import org.jspecify.annotations.Nullable;

/**
 * A parser that finds the parts of an answer in its text while it arrives. Not thread-safe; one per
 * answer.
 *
 * <p>However the text is cut into pieces, the parts are the same after adjacent parts of a kind are
 * joined. Only the markers of the format and the white space next to them are removed; text that is
 * malformed or cut off is emitted as the model wrote it. Text is held only until its kind is
 * certain. Work is linear in the length of the text.
 */
public interface AnswerParser {
  /** Parses more of the text and emits what has become certain. */
  void next(String text, Sink sink);

  /** Parses the end of the text and emits what was held back. */
  void end(Sink sink);

  /**
   * The receiver of the parts that a parser finds. Not thread-safe; one per answer.
   *
   * <p>A tool call is {@link #toolCall}, any number of {@link #arguments}, then either {@link
   * #callEnd} or {@link #callAbandoned}, without any other part in between.
   */
  interface Sink {
    /** Receives text of the answer, as far as it is certain; never empty. */
    void content(String text);

    /** Receives reasoning that precedes the answer; never empty. */
    void reasoning(String text);

    /**
     * Receives the start of a tool call.
     *
     * @param id the id that the model gave it; null if the format has none
     * @param name the name of the function
     */
    void toolCall(@Nullable String id, String name);

    /** Receives a piece of the arguments of the started call: JSON text, never empty. */
    void arguments(String piece);

    /** Receives the end of the started call, which is complete. */
    void callEnd();

    /**
     * Receives the text of a started call that is malformed or was cut off.
     *
     * @param text all of it as the model wrote it, with markers and white space
     */
    void callAbandoned(String text);
  }
}
