package io.github.openaikserve.chat;

/**
 * Finds the parts of an answer in its text while it comes. Not thread-safe; one per answer.
 *
 * <p>However the text is cut into pieces, the parts are the same once adjacent ones of a kind are
 * joined. No character is lost but the markers of the format and white space next to them: what is
 * malformed or cut off comes out as it was written. Nothing is held back for longer than it takes
 * to be certain. Work is linear in the length of the text.
 */
public interface AnswerParser {
  /** Takes more of the text and gives what has become certain. */
  void next(String text, AnswerSink sink);

  /** Says that the text is over; gives what was held back. */
  void end(AnswerSink sink);
}
