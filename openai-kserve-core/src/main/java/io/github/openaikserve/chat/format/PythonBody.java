package io.github.openaikserve.chat.format;

import java.util.List;
import java.util.Optional;

/**
 * The grammar of tool calls in Python syntax: {@code [f(a=1, b='x'), g()]}, or one per line. Not
 * thread-safe.
 */
final class PythonBody extends CallBody {
  private enum State {
    BEFORE_LIST,
    NAME,
    KEY,
    VALUE,
    AFTER_CALL
  }

  private static final String METHOD = ".call";

  private final ParameterTypes tools;
  private final boolean bare;
  private final StringBuilder held = new StringBuilder();
  private final ValueEnd valueEnd = new ValueEnd();
  private State state = State.BEFORE_LIST;
  private boolean inList;
  private int parameters;

  /**
   * Creates a body.
   *
   * @param bare whether only the name of a known function identifies a tool call, because there is
   *     no marker
   */
  PythonBody(
      Target target,
      ToolCallFormat format,
      List<String> opening,
      ParameterTypes tools,
      boolean bare) {
    super(target, format, opening);
    this.tools = tools;
    this.bare = bare;
  }

  @Override
  Step step(char c) {
    return switch (state) {
      case BEFORE_LIST -> beforeList(c);
      case NAME -> name(c);
      case KEY -> key(c);
      case VALUE -> value(c);
      case AFTER_CALL -> afterCall(c);
    };
  }

  private Step beforeList(char c) {
    if (Character.isWhitespace(c)) {
      return Step.MORE;
    }
    state = State.NAME;
    inList = c == '[';
    return inList ? Step.MORE : name(c);
  }

  private Step name(char c) {
    if (Character.isWhitespace(c)) {
      return held.isEmpty() ? Step.MORE : Step.REJECTED;
    }
    if (c != '(') {
      held.append(c);
      return isOfName(c) && held.length() <= MAX_NAME ? Step.MORE : Step.REJECTED;
    }
    String name = withoutMethod(held.toString());
    held.setLength(0);
    if (!isName(name) || (bare && !tools.isKnown(name))) {
      return Step.REJECTED;
    }
    target.begin(null, name);
    parameters = 0;
    state = State.KEY;
    return Step.MORE;
  }

  /**
   * Removes the method name that Llama appends to a tool's name, unless it is part of a tool's
   * name.
   */
  private String withoutMethod(String name) {
    boolean method = name.endsWith(METHOD) && !tools.isKnown(name);
    return method ? name.substring(0, name.length() - METHOD.length()) : name;
  }

  private Step key(char c) {
    if (Character.isWhitespace(c)) {
      return Step.MORE;
    }
    if (c == ')' && held.isEmpty()) {
      return callEnds();
    }
    if (c != '=') {
      held.append(c);
      return isOfName(c) && held.length() <= MAX_NAME ? Step.MORE : Step.REJECTED;
    }
    if (held.isEmpty()) {
      return Step.REJECTED;
    }
    target.arguments((parameters == 0 ? "{\"" : ", \"") + JsonText.escaped(held) + "\": ");
    parameters++;
    held.setLength(0);
    state = State.VALUE;
    return Step.MORE;
  }

  private Step value(char c) {
    if (!valueEnd.isBefore(c)) {
      held.append(c);
      return Step.MORE;
    }
    Optional<String> json = PythonLiteral.json(held.toString());
    held.setLength(0);
    if (json.isEmpty()) {
      return Step.REJECTED;
    }
    target.arguments(json.get());
    state = State.KEY;
    return c == ')' ? callEnds() : Step.MORE;
  }

  private Step callEnds() {
    target.arguments(parameters == 0 ? "{}" : "}");
    state = State.AFTER_CALL;
    return Step.CALL;
  }

  private Step afterCall(char c) {
    if (Character.isWhitespace(c)) {
      return Step.MORE;
    }
    if (c == ']' && inList) {
      return Step.END;
    }
    boolean another = c == ',' || c == ';' || (!inList && Character.isLetter(c));
    if (!another) {
      return Step.END_BEFORE;
    }
    state = State.NAME;
    return Character.isLetter(c) ? name(c) : Step.MORE;
  }

  private static boolean isOfName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  @Override
  boolean isBetweenCalls() {
    return state == State.AFTER_CALL || (state == State.NAME && held.isEmpty());
  }

  /**
   * A scanner that finds the comma or parenthesis after a value, outside of brackets and strings.
   */
  private static final class ValueEnd {
    private char quote;
    private int quotes;
    private boolean triple;
    private boolean escaped;
    private int depth;

    /** Reads the next character. Returns whether the value ends before it. */
    boolean isBefore(char c) {
      if (quote != 0 && quotes > 0 && inQuotes(c)) {
        return false;
      }
      if (quote != 0) {
        inString(c);
        return false;
      }
      if (c == '"' || c == '\'') {
        quote = c;
        quotes = 1;
      } else if (c == '[' || c == '(' || c == '{') {
        depth++;
      } else if (depth == 0 && (c == ',' || c == ')')) {
        return true;
      } else if (c == ']' || c == ')' || c == '}') {
        depth--;
      }
      return false;
    }

    /**
     * Counts the quotes at the beginning of a string. Returns false if the character is not one of
     * them.
     */
    private boolean inQuotes(char c) {
      if (c == quote) {
        quotes++;
        triple = quotes == 3;
        quotes = triple ? 0 : quotes;
        return true;
      }
      if (quotes == 2) {
        quote = 0; // an empty string
      }
      quotes = 0;
      return false;
    }

    private void inString(char c) {
      if (escaped) {
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
        quotes = 0;
      } else if (c == quote) {
        tripleEnd();
      } else {
        ended = 0;
      }
    }

    private int ended;

    private void tripleEnd() {
      ended++;
      if (!triple || ended == 3) {
        quote = 0;
        triple = false;
        ended = 0;
      }
    }
  }
}
