package io.github.openaikserve.chat;

import org.jspecify.annotations.Nullable;

/**
 * Takes the parts of an answer as an {@link AnswerParser} finds them. Not thread-safe; one per
 * answer.
 *
 * <p>A call of a tool is {@link #toolCall}, any number of {@link #arguments}, then either {@link
 * #callEnd} or {@link #callAbandoned}; nothing else comes in between.
 */
public interface AnswerSink {
  /** Text of the answer itself, as far as it is certain; never empty. */
  void content(String text);

  /** Text of the reasoning before the answer; never empty. */
  void reasoning(String text);

  /**
   * A call begins.
   *
   * @param id the id that the model gave it; null when the format has none
   * @param name which function is called
   */
  void toolCall(@Nullable String id, String name);

  /** More of the arguments of the call that has begun: a piece of JSON text, never empty. */
  void arguments(String piece);

  /** The call that has begun is whole. */
  void callEnd();

  /**
   * What had begun like a call is none, because it is malformed or was cut off.
   *
   * @param text all of it as the model wrote it, markers and white space included
   */
  void callAbandoned(String text);
}
