package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calls that are JSON objects without any marker, or after one. One per answer. */
final class LlamaJsonCalls extends CallParser implements CallObject.Target {
  private final Set<String> known;
  private CallObject object = new CallObject(this, true);
  private boolean marked;

  LlamaJsonCalls(List<ChatCompletionTool> tools) {
    super(List.of("<|python_tag|>"), List.of(), List.of(";", ","), '{');
    known = tools.stream().map(ChatCompletionTool::name).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  void opened(String marker) {
    marked = !marker.isEmpty();
    object = new CallObject(this, !marked);
  }

  @Override
  Step step(char c) {
    return switch (object.next(c)) {
      case MORE -> Step.MORE;
      case LAST -> Step.LAST_CALL;
      case WRONG -> Step.REJECTED;
    };
  }

  @Override
  boolean mayEndHere() {
    return object.isWhole();
  }

  @Override
  boolean isBetweenCalls() {
    return object.isEmpty();
  }

  @Override
  public boolean call(@Nullable String id, String name) {
    if (!marked && !known.contains(name)) {
      return false;
    }
    beginCall(id, name);
    return true;
  }
}
