package io.github.openaikserve.chat.format;

import io.github.openaikserve.internal.literal.JsonText;
import io.github.openaikserve.internal.literal.ParameterTypes;
import io.github.openaikserve.internal.literal.PythonLiteral;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of tool calls in Python syntax: {@code [f(a=1, b='x'), g()]}, or one per line. A list
 * may contain JSON objects instead. Not thread-safe.
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
  private final Set<String> names = new HashSet<>();
  private final ValueEnd valueEnd = new ValueEnd();
  private State state = State.BEFORE_LIST;
  private boolean inList;
  private int calls;
  private @Nullable JsonBody objects;

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
    if (objects != null) {
      return objects.step(c);
    }
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

  /** Reads the list as JSON objects. */
  private Step objects(char c) {
    JsonBody.Strictness strictness = bare ? JsonBody.Strictness.BARE : JsonBody.Strictness.MARKED;
    JsonBody body = new JsonBody(target, format, List.of(), tools, strictness);
    objects = body;
    body.step('[');
    return body.step(c);
  }

  private Step name(char c) {
    if (c == '{' && inList && held.isEmpty() && calls == 0) {
      return objects(c);
    }
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
    names.clear();
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
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    if (c == ')' && held.isEmpty()) {
      return callEnds();
    }
    if (c != '=') {
      held.append(c);
      return isOfKey(c) && held.length() <= MAX_NAME ? Step.MORE : Step.REJECTED;
    }
    String key = held.toString().stripTrailing();
    if (key.isEmpty() || !names.add(key)) {
      return Step.REJECTED;
    }
    target.arguments((names.size() == 1 ? "{\"" : ", \"") + JsonText.escaped(key) + "\": ");
    held.setLength(0);
    state = State.VALUE;
    return Step.MORE;
  }

  /**
   * Returns whether a parameter's name may contain a character. Not every name in a JSON Schema is
   * one in Python.
   */
  private static boolean isOfKey(char c) {
    return "\"'`(){},".indexOf(c) < 0 && !Character.isISOControl(c) && !Character.isSurrogate(c);
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
    target.arguments(names.isEmpty() ? "{}" : "}");
    state = State.AFTER_CALL;
    calls++;
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
  boolean end(boolean cut) {
    return objects != null && objects.end(cut);
  }

  @Override
  boolean isBetweenCalls() {
    if (objects != null) {
      return objects.isBetweenCalls();
    }
    return state == State.AFTER_CALL || (state == State.NAME && held.isEmpty());
  }

  /**
   * A scanner that finds the comma or parenthesis after a value, outside of brackets and strings.
   */
  private static final class ValueEnd {
    private char quote;
    private int quotes;
    private int run;
    private boolean escaped;
    private int depth;

    /** Reads the next character. Returns whether the value ends before it. */
    boolean isBefore(char c) {
      if (quote != 0 && inString(c)) {
        return false;
      }
      if (c == '"' || c == '\'') {
        quote = c;
        quotes = 0;
        run = 1;
      } else if (depth == 0 && (c == ',' || c == ')')) {
        return true;
      } else if (c == '[' || c == '(' || c == '{') {
        depth++;
      } else if (c == ']' || c == ')' || c == '}') {
        depth--;
      }
      return false;
    }

    /** Reads a character after a quote. Returns false if it follows an empty string. */
    private boolean inString(char c) {
      if (quotes == 0 && c == quote) {
        run++;
        quotes = run == 3 ? 3 : 0;
        run %= 3;
        return true;
      }
      if (quotes == 0) {
        quotes = 1;
        quote = run == 2 ? 0 : quote;
        run = 0;
      }
      run = c == quote && !escaped ? run + 1 : 0;
      escaped = c == '\\' && !escaped;
      boolean inString = quote != 0;
      quote = run == quotes ? 0 : quote;
      return inString;
    }
  }
}
