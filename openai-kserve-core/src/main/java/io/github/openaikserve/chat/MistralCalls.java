package io.github.openaikserve.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Mistral's calls: a list of JSON objects, or a name and its arguments. One per answer. */
final class MistralCalls extends JsonCalls {
  private static final int MAX_NAME = 1024;
  private static final String ARGUMENTS = "[ARGS]";
  private static final String CALL_ID = "[CALL_ID]";

  private final StringBuilder header = new StringBuilder();
  private JsonArguments arguments = new JsonArguments();
  private boolean named;
  private boolean first;

  MistralCalls() {
    super(List.of("[TOOL_CALLS]"), List.of());
  }

  @Override
  void opened(String marker) {
    super.opened("");
    header.setLength(0);
    arguments = new JsonArguments();
    named = false;
    first = true;
  }

  @Override
  Step step(char c) {
    if (isCalling() && named) {
      return arguments.next(c, this);
    }
    if (first && !Character.isWhitespace(c)) {
      first = false;
      named = c != '[' && c != '{';
    }
    return named ? inHeader(c) : super.step(c);
  }

  private Step inHeader(char c) {
    if (c == '{') {
      return begin() ? arguments.next(c, this) : Step.REJECTED;
    }
    header.append(c);
    return header.length() > MAX_NAME ? Step.REJECTED : Step.MORE;
  }

  private boolean begin() {
    String text = header.toString().strip();
    if (text.endsWith(ARGUMENTS)) {
      text = text.substring(0, text.length() - ARGUMENTS.length());
    }
    int idAt = text.indexOf(CALL_ID);
    String id = idAt < 0 ? null : text.substring(idAt + CALL_ID.length()).strip();
    String name = (idAt < 0 ? text : text.substring(0, idAt)).strip();
    if (!isName(name)) {
      return false;
    }
    beginCall(id, name);
    return true;
  }

  /** What is no name was an answer that speaks of the marker. */
  private static boolean isName(@Nullable String text) {
    return text != null
        && !text.isEmpty()
        && text.chars().noneMatch(c -> Character.isWhitespace(c) || c == '[' || c == ']');
  }

  @Override
  boolean mayEndHere() {
    return named ? arguments.isWhole() : super.mayEndHere();
  }

  @Override
  boolean isBetweenCalls() {
    return !named && super.isBetweenCalls();
  }
}
