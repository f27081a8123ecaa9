package io.github.openaikserve.internal.answer.text;

/**
 * A filter that removes a code fence around the whole text of a choice. Models often put JSON into
 * a code fence against their instructions. Not thread-safe.
 *
 * <p>Holds back only characters that may belong to a fence: the first characters of the text until
 * one cannot belong to a fence, and white space and backticks at the end. A text without a fence
 * passes unchanged.
 */
public final class CodeFence {
  private static final String MARK = "```";

  /** The maximum length of a fence's language name. */
  private static final int MAX_NAME = 20;

  /** The maximum amount of white space that belongs to a fence. */
  private static final int MAX_HELD = 1024;

  private enum State {
    BEFORE,
    INSIDE,
    PLAIN
  }

  private final StringBuilder held = new StringBuilder(0);
  private State state = State.BEFORE;

  /** Adds a piece and returns the text that is certain. */
  public String next(String piece) {
    if (state == State.PLAIN) {
      return piece;
    }
    held.append(piece);
    if (state == State.BEFORE) {
      open();
    }
    return switch (state) {
      case BEFORE -> "";
      case INSIDE -> take(endOfText());
      case PLAIN -> take(held.length());
    };
  }

  /** Ends the text and returns its rest without the closing fence. */
  public String end() {
    if (state == State.INSIDE && held.indexOf(MARK) >= 0) {
      held.setLength(0);
    }
    return take(held.length());
  }

  /** Decides whether the text begins with a fence, if enough text is available. */
  private void open() {
    int mark = skipSpace(0);
    int name = mark;
    while (name < held.length() && held.charAt(name) == '`') {
      name++;
    }
    boolean unknown = name == held.length() && mark <= MAX_HELD;
    if (unknown && name - mark <= MAX_NAME) {
      return;
    }
    if (name - mark < MARK.length() || unknown) {
      state = State.PLAIN;
      return;
    }
    int body = endOfName(name);
    if (body < 0) {
      return;
    }
    state = body == 0 ? State.PLAIN : State.INSIDE;
    held.delete(0, body);
  }

  /**
   * Returns the position of the text after an opening fence; 0 if there is no fence, -1 if more
   * text is needed.
   */
  private int endOfName(int from) {
    int name = from;
    while (name < held.length() && isNameCharacter(held.charAt(name))) {
      name++;
    }
    if (name - from > MAX_NAME) {
      return 0;
    }
    int body = skipSpace(name);
    if (body == held.length()) {
      return body - name > MAX_HELD ? body : -1;
    }
    boolean named = body > name || name == from || "{[\"".indexOf(held.charAt(body)) >= 0;
    return named ? body : from; // in ```true``` the word is a value, not a language
  }

  private static boolean isNameCharacter(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '+' || c == '.';
  }

  private int skipSpace(int from) {
    int at = from;
    while (at < held.length() && Character.isWhitespace(held.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Returns the start of trailing white space and backticks that may be a closing fence. */
  private int endOfText() {
    int end = held.length();
    while (end > 0 && isEnd(held.charAt(end - 1))) {
      end--;
    }
    return held.length() - end > MAX_HELD ? held.length() : end;
  }

  private static boolean isEnd(char c) {
    return c == '`' || Character.isWhitespace(c);
  }

  private String take(int to) {
    String text = held.substring(0, to);
    held.delete(0, to);
    return text;
  }
}
