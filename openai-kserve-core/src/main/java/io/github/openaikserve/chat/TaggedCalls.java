package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.List;

/**
 * Calls whose parameters stand between tags, each with a name and a value without quotes. Not
 * thread-safe; one per answer.
 */
final class TaggedCalls extends CallParser {
  /**
   * The tags of a form.
   *
   * @param markers the tags that a call may begin with
   * @param opening before the function's name
   * @param nameEnds characters that end the function's name
   * @param key before a parameter's name
   * @param keyEnd after it
   * @param value before its value; empty where it follows at once
   * @param valueEnd after it
   * @param end after the last parameter
   * @param closings tags that may follow
   */
  record Tags(
      List<String> markers,
      String opening,
      String nameEnds,
      String key,
      String keyEnd,
      String value,
      String valueEnd,
      String end,
      List<String> closings) {}

  private enum State {
    BEFORE_NAME,
    NAME,
    BEFORE_KEY,
    KEY,
    BEFORE_VALUE,
    VALUE
  }

  private static final int MAX_NAME = 4096;

  private final Tags tags;
  private final ParameterTypes types;
  private final StringBuilder held = new StringBuilder();
  private final StringBuilder value = new StringBuilder();
  private State state = State.BEFORE_NAME;
  private UntilMarker until = new UntilMarker("");
  private String function = "";
  private boolean string;
  private boolean valueBegun;
  private int parameters;

  TaggedCalls(Tags tags, List<ChatCompletionTool> tools) {
    super(tags.markers(), List.of(), tags.closings(), NONE);
    this.tags = tags;
    this.types = new ParameterTypes(tools);
  }

  @Override
  void opened(String marker) {
    held.setLength(0);
    parameters = 0;
    state = marker.equals(tags.opening()) ? State.NAME : State.BEFORE_NAME;
  }

  @Override
  Step step(char c) {
    return switch (state) {
      case BEFORE_NAME -> expect(c, tags.opening(), State.NAME);
      case NAME -> name(c);
      case BEFORE_KEY -> beforeKey(c);
      case KEY -> key(c);
      case BEFORE_VALUE -> expect(c, tags.value(), State.VALUE);
      case VALUE -> value(c);
    };
  }

  /** White space, then this tag and no other. */
  private Step expect(char c, String tag, State next) {
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    held.append(c);
    if (!tag.startsWith(held.toString())) {
      return Step.REJECTED;
    }
    if (held.length() == tag.length()) {
      held.setLength(0);
      state = next;
    }
    return Step.MORE;
  }

  private Step name(char c) {
    boolean ends = tags.nameEnds().indexOf(c) >= 0;
    if (!ends) {
      held.append(c);
      return held.length() > MAX_NAME ? Step.REJECTED : Step.MORE;
    }
    function = held.toString().strip();
    held.setLength(0);
    if (function.isEmpty() || function.chars().anyMatch(TaggedCalls::isNoName)) {
      return Step.REJECTED;
    }
    beginCall(null, function);
    state = State.BEFORE_KEY;
    return c == '<' ? beforeKey(c) : Step.MORE;
  }

  private static boolean isNoName(int c) {
    return Character.isWhitespace(c) || c == '{' || c == '"' || c == '<' || c == '>';
  }

  private Step beforeKey(char c) {
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    held.append(c);
    String seen = held.toString();
    if (seen.equals(tags.key())) {
      held.setLength(0);
      state = State.KEY;
      return Step.MORE;
    }
    if (seen.equals(tags.end())) {
      held.setLength(0);
      arguments(parameters == 0 ? "{}" : "}");
      return Step.LAST_CALL;
    }
    return tags.key().startsWith(seen) || tags.end().startsWith(seen) ? Step.MORE : Step.REJECTED;
  }

  private Step key(char c) {
    held.append(c);
    int end = held.length() - tags.keyEnd().length();
    if (end < 0 || held.indexOf(tags.keyEnd(), end) < 0) {
      return held.length() > MAX_NAME ? Step.REJECTED : Step.MORE;
    }
    String key = held.substring(0, end).strip();
    held.setLength(0);
    string = types.isString(function, key);
    arguments((parameters == 0 ? "{\"" : ", \"") + JsonText.escaped(key) + "\": ");
    if (string) {
      argument('"');
    }
    parameters++;
    value.setLength(0);
    valueBegun = false;
    until = new UntilMarker(tags.valueEnd());
    state = tags.value().isEmpty() ? State.VALUE : State.BEFORE_VALUE;
    return Step.MORE;
  }

  private Step value(char c) {
    if (!valueBegun) {
      valueBegun = true;
      if (c == '\n') {
        return Step.MORE;
      }
    }
    boolean whole = until.next(c, value);
    if (string) {
      arguments(JsonText.escaped(value));
      value.setLength(0);
    }
    if (whole) {
      arguments(string ? "\"" : ParameterTypes.json(value.toString()));
      state = State.BEFORE_KEY;
    }
    return Step.MORE;
  }

  @Override
  boolean mayEndHere() {
    return false;
  }

  @Override
  boolean isBetweenCalls() {
    return false;
  }
}
