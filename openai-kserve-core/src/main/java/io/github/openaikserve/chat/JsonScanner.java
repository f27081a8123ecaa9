package io.github.openaikserve.chat;

/**
 * Finds the end of one JSON value that comes character by character. Checks no more than what it
 * takes to know that: strings, and that brackets match. Not thread-safe; one per value.
 */
final class JsonScanner {
  /** What a character means for the value. */
  enum Seen {
    /** It belongs to the value, which goes on. */
    MORE,
    /** It belongs to the value, which is whole now. */
    LAST,
    /** The value was whole before it; only numbers and words end so. */
    AFTER,
    /** With it this is no JSON value. */
    WRONG
  }

  /** Deeper than any arguments; a bound for what the brackets take. */
  private static final int MAX_DEPTH = 512;

  private final StringBuilder open = new StringBuilder();
  private boolean begun;
  private boolean inString;
  private boolean escaped;
  private boolean inWord;

  /** Takes the next character; the first one must not be white space. */
  Seen next(char c) {
    if (inString) {
      return inString(c);
    }
    if (inWord) {
      return inWord(c);
    }
    boolean first = !begun;
    begun = true;
    switch (c) {
      case '"' -> inString = true;
      case '{', '[' -> {
        if (open.length() == MAX_DEPTH) {
          return Seen.WRONG;
        }
        open.append(c);
      }
      case '}', ']' -> {
        return close(c);
      }
      default -> {
        if (first) {
          inWord = isOfWord(c);
          return inWord ? Seen.MORE : Seen.WRONG;
        }
      }
    }
    return Seen.MORE;
  }

  private Seen inString(char c) {
    if (escaped) {
      escaped = false;
    } else if (c == '\\') {
      escaped = true;
    } else if (c == '"') {
      inString = false;
      return open.isEmpty() ? Seen.LAST : Seen.MORE;
    }
    return Seen.MORE;
  }

  private Seen inWord(char c) {
    if (isOfWord(c)) {
      return Seen.MORE;
    }
    return c == ',' || c == '}' || c == ']' || Character.isWhitespace(c) ? Seen.AFTER : Seen.WRONG;
  }

  private Seen close(char c) {
    int last = open.length() - 1;
    if (last < 0 || open.charAt(last) != (c == '}' ? '{' : '[')) {
      return Seen.WRONG;
    }
    open.setLength(last);
    return last == 0 ? Seen.LAST : Seen.MORE;
  }

  private static boolean isOfWord(char c) {
    return (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '-'
        || c == '+'
        || c == '.';
  }
}
