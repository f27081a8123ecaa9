package io.github.openaikserve.chat.format;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The output of tool calls. Not thread-safe. */
final class CallOutput implements CallBody.Target {
  private final StringBuilder pieces = new StringBuilder();
  private AnswerParser.@Nullable Sink sink;
  private @Nullable String lateId;
  private boolean inCall;
  private boolean anyEnded;

  void attach(AnswerParser.Sink sink) {
    this.sink = sink;
  }

  private AnswerParser.Sink sink() {
    return Objects.requireNonNull(sink);
  }

  @Override
  public void begin(@Nullable String id, String name) {
    inCall = true;
    lateId = null;
    sink().toolCall(id, name);
  }

  @Override
  public void lateId(String id) {
    lateId = id;
  }

  @Override
  public void arguments(CharSequence json) {
    pieces.append(json);
  }

  /** Returns whether a call has begun and has not ended. */
  boolean isInCall() {
    return inCall;
  }

  /** Returns whether the answer has a complete call. */
  boolean hasCalls() {
    return anyEnded;
  }

  void flush() {
    if (!pieces.isEmpty()) {
      sink().arguments(pieces.toString());
      pieces.setLength(0);
    }
  }

  void end() {
    flush();
    sink().callEnd(lateId);
    inCall = false;
    anyEnded = true;
  }

  void abandon(String text, boolean cut) {
    flush();
    sink().invalidCall(text, cut);
    inCall = false;
  }
}
