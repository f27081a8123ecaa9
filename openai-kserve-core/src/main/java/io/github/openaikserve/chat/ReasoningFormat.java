package io.github.openaikserve.chat;

/**
 * How a model sets its reasoning apart from its answer. Stateless and thread-safe.
 *
 * <p>Its parsers give {@link AnswerParser.Sink#reasoning} and {@link AnswerParser.Sink#content},
 * never calls: what a {@link ToolCallFormat} has to see is content to them.
 */
public interface ReasoningFormat {
  /** A name for logs, messages and configuration, such as {@code think}. */
  String name();

  /**
   * Returns whether the markers are special tokens of the model, which a server leaves out of the
   * text unless it is asked for them (default: true).
   */
  default boolean marksWithSpecialTokens() {
    return true;
  }

  /**
   * A parser for one answer.
   *
   * @param prompt what the model was given, because some templates open the reasoning themselves
   */
  AnswerParser parser(String prompt);
}
