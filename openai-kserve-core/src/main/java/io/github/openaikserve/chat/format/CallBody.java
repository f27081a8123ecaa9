package io.github.openaikserve.chat.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The grammar of what follows a marker that opens tool calls. Not thread-safe; one per marker. */
abstract class CallBody {
  /** What a character means for the calls. */
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
    /** This is not a call. */
    REJECTED
  }

  /** Receives the parts of calls. */
  interface Target {
    /** Receives the start of a call. */
    void begin(@Nullable String id, String name);

    /** Receives the id of the current call, when the model writes it after the arguments. */
    void lateId(String id);

    /** Receives a piece of the arguments of the current call. */
    void arguments(CharSequence json);
  }

  /** Longer names and headers are not those of a call. */
  static final int MAX_NAME = 512;

  /** Bounds what is held of arguments that precede their name. */
  static final int MAX_HELD = 1 << 20;

  final Target target;
  final ToolCallFormat format;
  private final List<String> expected;
  private int expectedToken = 1;
  private int expectedCharacter;

  /**
   * Creates a body.
   *
   * @param opening the marker that was found, and the tokens that have to follow it
   */
  CallBody(Target target, ToolCallFormat format, List<String> opening) {
    this.target = target;
    this.format = format;
    this.expected = opening;
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
  abstract boolean end(boolean cut);

  /** Returns what of the calls is text, after a step that ends them before a character. */
  String unread(char c) {
    return String.valueOf(c);
  }

  /** Returns whether no call has begun since the last one ended. */
  abstract boolean isBetweenCalls();

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
