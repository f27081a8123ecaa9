package io.github.openaikserve.chat;

import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object that is a call: {@code {"name": ..., "arguments": {...}}}, in any order and
 * with other fields between them. Not thread-safe; one per call.
 */
final class CallObject {
  /** What a character means. */
  enum Seen {
    MORE,
    /** The object is whole, and a call. */
    LAST,
    WRONG
  }

  /** Takes the call as it becomes known. */
  interface Target {
    /** A call begins; false if there can be none of that name, which makes it text. */
    boolean call(@Nullable String id, String name);

    void argument(char c);
  }

  private enum State {
    BEFORE_OBJECT,
    BEFORE_KEY,
    KEY,
    BEFORE_COLON,
    BEFORE_VALUE,
    VALUE,
    AFTER_VALUE
  }

  private enum Kind {
    NAME,
    ID,
    ARGUMENTS,
    /** Arguments as JSON in a JSON string. */
    QUOTED_ARGUMENTS,
    NO_ARGUMENTS,
    OTHER
  }

  /** For arguments that come before their name, and for names and keys. */
  private static final int MAX_HELD = 65_536;

  private final Target target;
  private final boolean strict;
  private final StringBuilder held = new StringBuilder();
  private final StringBuilder early = new StringBuilder();
  private State state = State.BEFORE_OBJECT;
  private Kind kind = Kind.OTHER;
  private JsonScanner scanner = new JsonScanner();
  private JsonText.Unescaper unescaper = new JsonText.Unescaper();
  private String key = "";
  private @Nullable String id;
  private @Nullable String name;
  private boolean begun;
  private boolean argumentsBegun;
  private boolean argumentsDone;
  private boolean nested;
  private boolean anyGiven;

  /**
   * A reader of one call.
   *
   * @param strict whether a field that no call has makes it text; where nothing but the object
   *     itself says that it is a call
   */
  CallObject(Target target, boolean strict) {
    this.target = target;
    this.strict = strict;
  }

  /** Whether nothing but white space has come. */
  boolean isEmpty() {
    return state == State.BEFORE_OBJECT;
  }

  /** Whether the call is known and its arguments are whole, so that only brackets are missing. */
  boolean isWhole() {
    return begun && argumentsDone;
  }

  Seen next(char c) {
    if (state == State.KEY) {
      return key(c);
    }
    if (state == State.VALUE) {
      return value(c);
    }
    if (Character.isWhitespace(c)) {
      return Seen.MORE;
    }
    return switch (state) {
      case BEFORE_OBJECT -> c == '{' ? go(State.BEFORE_KEY) : Seen.WRONG;
      case BEFORE_KEY -> beforeKey(c);
      case BEFORE_COLON -> c == ':' ? go(State.BEFORE_VALUE) : Seen.WRONG;
      case BEFORE_VALUE -> beforeValue(c);
      default -> afterValue(c);
    };
  }

  private Seen go(State next) {
    state = next;
    return Seen.MORE;
  }

  private Seen beforeKey(char c) {
    if (c != '"') {
      return c == '}' ? closed() : Seen.WRONG;
    }
    held.setLength(0);
    scanner = new JsonScanner();
    scanner.next(c);
    return go(State.KEY);
  }

  private Seen key(char c) {
    if (scanner.next(c) != JsonScanner.Seen.LAST) {
      return hold(c) ? Seen.MORE : Seen.WRONG;
    }
    String text = JsonText.unescaped(held);
    key = text == null ? "" : text;
    return text == null ? Seen.WRONG : go(State.BEFORE_COLON);
  }

  private Seen beforeValue(char c) {
    if (c == '{' && key.equals("function") && !nested) {
      nested = true;
      return go(State.BEFORE_KEY);
    }
    held.setLength(0);
    scanner = new JsonScanner();
    unescaper = new JsonText.Unescaper();
    state = State.VALUE;
    switch (key) {
      case "name", "function" -> {
        kind = Kind.NAME;
        if (c != '"' || name != null) {
          return Seen.WRONG;
        }
      }
      case "id" -> kind = Kind.ID;
      case "arguments", "parameters" -> {
        kind = argumentsKind(c);
        if (kind == Kind.OTHER || argumentsBegun) {
          return Seen.WRONG;
        }
        argumentsBegun = true;
        if (name != null && !begin(name)) {
          return Seen.WRONG;
        }
      }
      default -> {
        kind = Kind.OTHER;
        if (strict && !key.equals("type")) {
          return Seen.WRONG;
        }
      }
    }
    return value(c);
  }

  private static Kind argumentsKind(char first) {
    return switch (first) {
      case '{' -> Kind.ARGUMENTS;
      case '"' -> Kind.QUOTED_ARGUMENTS;
      case 'n' -> Kind.NO_ARGUMENTS;
      default -> Kind.OTHER;
    };
  }

  private Seen value(char c) {
    JsonScanner.Seen seen = scanner.next(c);
    return switch (seen) {
      case WRONG -> Seen.WRONG;
      case AFTER -> valueEnded() ? afterWord(c) : Seen.WRONG;
      case LAST -> take(c, true) && valueEnded() ? Seen.MORE : Seen.WRONG;
      case MORE -> take(c, false) ? Seen.MORE : Seen.WRONG;
    };
  }

  private Seen afterWord(char c) {
    return Character.isWhitespace(c) ? Seen.MORE : afterValue(c);
  }

  private boolean take(char c, boolean last) {
    return switch (kind) {
      case NAME, ID, NO_ARGUMENTS -> hold(c);
      case ARGUMENTS -> give(c);
      case QUOTED_ARGUMENTS -> takeQuoted(c, last);
      case OTHER -> true;
    };
  }

  private boolean takeQuoted(char c, boolean last) {
    if (held.isEmpty() || last) { // the quotes
      held.append(c);
      return !last || unescaper.isBetweenCharacters();
    }
    var text = new StringBuilder(1);
    if (!unescaper.next(c, text)) {
      return false;
    }
    return text.isEmpty() || give(text.charAt(0));
  }

  private boolean valueEnded() {
    state = State.AFTER_VALUE;
    switch (kind) {
      case NAME -> {
        name = JsonText.unescaped(held.substring(1, held.length() - 1));
        return name != null && (!argumentsBegun || begin(name));
      }
      case ID ->
          id = held.charAt(0) == '"' ? held.substring(1, held.length() - 1) : held.toString();
      case ARGUMENTS -> argumentsDone = true;
      case QUOTED_ARGUMENTS -> {
        argumentsDone = true;
        return anyGiven || (give('{') && give('}'));
      }
      case NO_ARGUMENTS -> {
        argumentsDone = true;
        return held.toString().equals("null") && give('{') && give('}');
      }
      case OTHER -> {}
    }
    return true;
  }

  private Seen afterValue(char c) {
    if (c == ',') {
      return go(State.BEFORE_KEY);
    }
    return c == '}' ? closed() : Seen.WRONG;
  }

  private Seen closed() {
    if (nested) {
      nested = false;
      return go(State.AFTER_VALUE);
    }
    if (name == null || (strict && !argumentsBegun) || (!begun && !begin(name))) {
      return Seen.WRONG;
    }
    if (!argumentsBegun) {
      give('{');
      give('}');
    }
    argumentsDone = true;
    return Seen.LAST;
  }

  private boolean begin(String known) {
    begun = !known.isBlank() && target.call(id, known);
    if (begun) {
      early.chars().forEach(c -> target.argument((char) c));
      early.setLength(0);
    }
    return begun;
  }

  private boolean give(char c) {
    anyGiven = true;
    if (begun) {
      target.argument(c);
      return true;
    }
    early.append(c);
    return early.length() <= MAX_HELD;
  }

  private boolean hold(char c) {
    held.append(c);
    return held.length() <= MAX_HELD;
  }
}
