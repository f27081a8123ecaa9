package io.github.openaikserve.chat.format;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Content and reasoning on their way out. White space is held: next to a marker it is removed. Not
 * thread-safe.
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
   * @param calls whether markers of calls may follow content, so that its white space is held
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

  /** Emits the held white space; words after a call lose their leading line breaks. */
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

  /** Begins reasoning or content: white space in front of it is removed. */
  boolean enter(boolean reasoning) {
    flush();
    space.setLength(0);
    this.reasoning = reasoning;
    said = false;
    dropsLeading = true;
    afterCall = false;
    return true;
  }

  /** Begins content after a call. */
  void enterAfterCall() {
    enter(false);
    dropsLeading = false;
    afterCall = true;
  }

  /** The text of an abandoned call was emitted as content. */
  void enterAfterText() {
    enter(false);
    dropsLeading = false;
    said = true;
    last = 0;
  }

  /** Returns whether nothing but white space came since reasoning or content began. */
  boolean isAtStart() {
    return !said;
  }

  /** Returns whether the text is at the beginning of a line. */
  boolean isAtLine() {
    return atLine;
  }

  /** Returns whether the text is right behind a quote, as in front of a word that is mentioned. */
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

  /** The markers around the answer begin. */
  boolean wrap() {
    wrapped = true;
    dropsLeading = true;
    space.setLength(0);
    return true;
  }

  /** The marker at the end of the answer: it is text if anything follows. */
  boolean wrapEnd(String marker) {
    if (wrapped) {
      space.append(marker);
      wrapEnded = true;
    }
    return wrapped;
  }

  /** Returns whether a piece that ends with this byte can be emitted as it is. */
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
