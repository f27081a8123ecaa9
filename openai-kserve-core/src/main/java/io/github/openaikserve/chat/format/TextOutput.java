package io.github.openaikserve.chat.format;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The output of content and reasoning. White space is held back, because it is removed next to a
 * marker. Not thread-safe.
 */
final class TextOutput {
  private final StringBuilder out = new StringBuilder();
  private final StringBuilder space = new StringBuilder();
  private AnswerParser.@Nullable Sink sink;
  private final boolean calls;
  private boolean atLine;
  private boolean reasoning;
  private boolean said;
  private boolean dropsLeading;
  private boolean afterCall;
  private boolean wrapped;
  private boolean wrapEnded;
  private char last;

  /**
   * Creates an output.
   *
   * @param calls whether tool calls may follow content, so that its white space is held back
   */
  TextOutput(boolean calls) {
    this.calls = calls;
  }

  void attach(AnswerParser.Sink sink) {
    this.sink = sink;
  }

  void add(String text) {
    for (int i = 0; i < text.length(); i++) {
      add(text.charAt(i));
    }
  }

  void add(char c) {
    if (Character.isWhitespace(c)) {
      atLine = atLine || c == '\n';
      if (said && !holds()) {
        out.append(c);
      } else if (said || !dropsLeading) {
        space.append(c);
      }
      return;
    }
    addSpace();
    atLine = false;
    out.append(c);
    last = c;
    said = true;
  }

  private boolean holds() {
    return calls || reasoning || wrapped;
  }

  /** Emits the held white space. Text after a tool call loses its leading line breaks. */
  private void addSpace() {
    if (!afterCall || space.indexOf("\n") < 0) {
      out.append(space);
    } else if (wrapEnded) {
      out.append(space.toString().stripLeading());
    }
    space.setLength(0);
    afterCall = false;
    wrapEnded = false;
  }

  /** Starts reasoning or content and removes the white space before it. */
  boolean enter(boolean reasoning) {
    flush();
    space.setLength(0);
    this.reasoning = reasoning;
    said = false;
    dropsLeading = true;
    afterCall = false;
    return true;
  }

  /** Starts content after a tool call. */
  void enterAfterCall() {
    enter(false);
    dropsLeading = false;
    afterCall = true;
  }

  /** Records that the text of an abandoned tool call was emitted as content. */
  void enterAfterText() {
    enter(false);
    dropsLeading = false;
    said = true;
    last = 0;
  }

  /** Returns whether only white space was received since reasoning or content started. */
  boolean isAtStart() {
    return !said;
  }

  /** Returns whether the text is at the beginning of a line. */
  boolean isAtLine() {
    return atLine;
  }

  /** Returns whether the text ends with a quote, as before a marker that is only mentioned. */
  boolean isQuoting() {
    return space.isEmpty() && !atLine && (last == '`' || last == '"' || last == '\'');
  }

  /** Returns the held white space, which precedes a marker. */
  String takeSpace() {
    String taken = space.toString();
    space.setLength(0);
    wrapEnded = false;
    return taken;
  }

  void dropSpace() {
    space.setLength(0);
  }

  /** Handles the markers that start the answer. */
  boolean wrap() {
    wrapped = true;
    wrapEnded = false;
    dropsLeading = true;
    space.setLength(0);
    return true;
  }

  /** Handles the marker at the end of the answer, which is text if more text follows. */
  boolean wrapEnd(String marker) {
    if (wrapped) {
      space.append(marker);
      wrapEnded = true;
    }
    return wrapped;
  }

  /** Returns whether the last marker ended the answer and no text followed. */
  boolean isWrapEnded() {
    return wrapEnded;
  }

  /** Returns whether a piece that ends with this byte can be emitted unchanged. */
  boolean isPlainBefore(byte lastByte) {
    return !reasoning
        && said
        && !afterCall
        && space.isEmpty()
        && out.isEmpty()
        && (!holds() || lastByte > ' ')
        && lastByte > 0
        && isLast((char) lastByte);
  }

  private boolean isLast(char c) {
    atLine = c == '\n';
    last = Character.isWhitespace(c) ? last : c;
    return true;
  }

  void flush() {
    if (out.isEmpty()) {
      return;
    }
    AnswerParser.Sink target = Objects.requireNonNull(sink);
    if (reasoning) {
      target.reasoning(out.toString());
    } else {
      target.content(out.toString());
    }
    out.setLength(0);
  }

  /** Ends the text. */
  void end() {
    if (!wrapEnded && !afterCall && (said || !reasoning)) {
      out.append(space);
    }
    space.setLength(0);
    flush();
  }
}
