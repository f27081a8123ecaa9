package io.github.openaikserve.chat.format;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The output of tool calls. Not thread-safe.
 *
 * <p>The name of a call is held back until its arguments begin, because text may mention the markup
 * before them.
 */
final class CallOutput implements CallBody.Target {
  private final StringBuilder pieces = new StringBuilder();
  private AnswerParser.@Nullable Sink sink;
  private @Nullable String lateId;
  private @Nullable String id;
  private String name = "";
  private boolean inCall;
  private boolean held;
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
    held = true;
    this.id = id;
    this.name = name;
  }

  @Override
  public void lateId(String id) {
    lateId = id;
  }

  @Override
  public void arguments(CharSequence json) {
    release();
    pieces.append(json);
  }

  private void release() {
    if (held) {
      held = false;
      sink().toolCall(id, name);
    }
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
    release();
    flush();
    sink().callEnd(lateId);
    inCall = false;
    anyEnded = true;
  }

  /**
   * Abandons the open call. Returns false if nothing of it was emitted, so that its text is
   * ordinary text.
   */
  boolean abandon(String text, boolean cut) {
    if (!inCall || held) {
      inCall = false;
      held = false;
      return false;
    }
    flush();
    sink().invalidCall(text, cut);
    inCall = false;
    return true;
  }
}
