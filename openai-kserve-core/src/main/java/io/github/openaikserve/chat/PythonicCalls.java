package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Calls as a list in Python: {@code [f(a=1, b='x'), g()]}. One per answer. */
final class PythonicCalls extends CallParser {
  private enum State {
    BEFORE_LIST,
    NAME,
    KEY,
    VALUE,
    AFTER_CALL
  }

  private static final int MAX_NAME = 1024;

  private final Set<String> known;
  private final StringBuilder held = new StringBuilder();
  private final StringBuilder json = new StringBuilder();
  private PythonLiteral literal = new PythonLiteral();
  private State state = State.BEFORE_LIST;
  private boolean marked;
  private int parameters;

  PythonicCalls(List<ChatCompletionTool> tools) {
    super(List.of("<|python_start|>"), List.of(), List.of("<|python_end|>"), '[');
    known = tools.stream().map(ChatCompletionTool::name).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  void opened(String marker) {
    marked = !marker.isEmpty();
    state = State.BEFORE_LIST;
    held.setLength(0);
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
    if (c == '[') {
      state = State.NAME;
      return Step.MORE;
    }
    return Character.isWhitespace(c) ? Step.MORE : Step.REJECTED;
  }

  private Step name(char c) {
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    if (c != '(') {
      held.append(c);
      return isOfName(c) && held.length() <= MAX_NAME ? Step.MORE : Step.REJECTED;
    }
    String name = held.toString();
    held.setLength(0);
    if (name.isEmpty() || (!marked && !known.contains(name))) {
      return Step.REJECTED;
    }
    beginCall(null, name);
    parameters = 0;
    state = State.KEY;
    return Step.MORE;
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
    arguments((parameters == 0 ? "{\"" : ", \"") + held + "\": ");
    parameters++;
    held.setLength(0);
    literal = new PythonLiteral();
    state = State.VALUE;
    return Step.MORE;
  }

  private Step value(char c) {
    PythonLiteral.Seen seen = literal.next(c, json);
    arguments(json);
    json.setLength(0);
    return switch (seen) {
      case MORE -> Step.MORE;
      case WRONG -> Step.REJECTED;
      case AFTER -> {
        if (c == ',') {
          state = State.KEY;
          yield Step.MORE;
        }
        yield c == ')' ? callEnds() : Step.REJECTED;
      }
    };
  }

  private Step callEnds() {
    arguments(parameters == 0 ? "{}" : "}");
    state = State.AFTER_CALL;
    return Step.CALL;
  }

  private Step afterCall(char c) {
    if (c == ',') {
      state = State.NAME;
      return Step.MORE;
    }
    if (c == ']') {
      return Step.END;
    }
    return Character.isWhitespace(c) ? Step.MORE : Step.REJECTED;
  }

  private static boolean isOfName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  @Override
  boolean mayEndHere() {
    return false;
  }

  @Override
  boolean isBetweenCalls() {
    return state == State.AFTER_CALL || (state == State.NAME && held.isEmpty());
  }
}
