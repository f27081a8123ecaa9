package io.github.openaikserve.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are JSON objects after a marker: one, or a list of them. A marker may end with the
 * bracket that opens the list. Not thread-safe; one per answer.
 */
class JsonCalls extends CallParser implements CallObject.Target {
  private CallObject object = new CallObject(this, false);
  private boolean inList;
  private boolean betweenItems;

  JsonCalls(List<String> openings, List<String> closings) {
    super(openings, List.of(), closings, NONE);
  }

  @Override
  void opened(String marker) {
    object = new CallObject(this, false);
    inList = marker.endsWith("[");
    betweenItems = false;
  }

  @Override
  Step step(char c) {
    if (object.isEmpty()) {
      if (c == '[' && !inList) {
        inList = true;
        return Step.MORE;
      }
      if (inList && c == ']') {
        return isCallBefore() ? Step.END : Step.REJECTED;
      }
      if (betweenItems && c == ',') {
        betweenItems = false;
        return Step.MORE;
      }
    }
    return switch (object.next(c)) {
      case MORE -> Step.MORE;
      case WRONG -> Step.REJECTED;
      case LAST -> {
        object = new CallObject(this, false);
        betweenItems = inList;
        yield inList ? Step.CALL : Step.LAST_CALL;
      }
    };
  }

  private boolean isCallBefore() {
    return betweenItems;
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
    beginCall(id, name);
    return true;
  }
}
