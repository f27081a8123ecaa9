package io.github.openaikserve.chat.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of the text after a marker that opens tool calls. One instance per marker. Not
 * thread-safe.
 */
abstract class CallBody {
  /** The meaning of a character for the tool calls. */
  enum Step {
    /** The calls continue. */
    MORE,
    /** A call is complete; another may follow. */
    CALL,
    /** The last call is complete. */
    LAST_CALL,
    /** The last call was complete before this character, which is text. */
    CALL_BEFORE,
    /** The calls end with this character. */
    END,
    /** The calls ended before this character, which is text. */
    END_BEFORE,
    /** The text that follows is content. */
    CONTENT,
    /** This is not a call. */
    REJECTED
  }

  /** The receiver of the parts of tool calls. */
  interface Target {
    /** Receives the start of a call. */
    void begin(@Nullable String id, String name);

    /** Receives the id of the current call if the model writes it after the arguments. */
    void lateId(String id);

    /** Receives a piece of the arguments of the current call. */
    void arguments(CharSequence json);
  }

  /** The maximum length of names and headers of a tool call. */
  static final int MAX_NAME = 512;

  /** The maximum length of arguments that precede the name and are held back. */
  static final int MAX_HELD = 1 << 20;

  final Target target;
  final ToolCallFormat format;
  private List<String> expected;
  private int expectedToken = 1;
  private int expectedCharacter;

  /**
   * Creates a body.
   *
   * @param opening the marker that was found, and the tokens that must follow it
   */
  CallBody(Target target, ToolCallFormat format, List<String> opening) {
    this.target = target;
    this.format = format;
    this.expected = opening;
  }

  /** Requires all tokens but the first one before the next step. */
  final void expect(List<String> tokens) {
    expected = tokens;
    expectedToken = 1;
    expectedCharacter = 0;
  }

  /** Reads the next character. */
  final Step next(char c) {
    if (expectedToken >= expected.size()) {
      return step(c);
    }
    if (expectedCharacter == 0 && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    String token = expected.get(expectedToken);
    if (c == ' ' && token.charAt(expectedCharacter) != ' ') {
      return Step.MORE; // some models put spaces around the equals sign
    }
    if (c != token.charAt(expectedCharacter)) {
      return Step.REJECTED;
    }
    expectedCharacter++;
    if (expectedCharacter == token.length()) {
      expectedCharacter = 0;
      expectedToken++;
    }
    return Step.MORE;
  }

  /** Reads the next character after the opening tokens. */
  abstract Step step(char c);

  /**
   * Ends the text.
   *
   * @param cut whether the text was cut off at a limit
   * @return whether the call that has begun is complete
   */
  boolean end(boolean cut) {
    return false;
  }

  /** Returns the part of the calls that is text, after the text ended with a complete call. */
  String rest() {
    return "";
  }

  /** Returns the part of the calls that is text, after a step that ends them before a character. */
  String unread(char c) {
    return String.valueOf(c);
  }

  /** Returns whether no call has begun since the last one ended. */
  boolean isBetweenCalls() {
    return false;
  }

  /** Returns whether a text can be the name of a function. */
  static boolean isName(String text) {
    return !text.isEmpty()
        && text.codePoints()
            .noneMatch(
                c ->
                    Character.isWhitespace(c)
                        || Character.isISOControl(c)
                        || Character.getType(c) == Character.SURROGATE
                        || "{}[]<>()\"'`".indexOf(c) >= 0);
  }
}
