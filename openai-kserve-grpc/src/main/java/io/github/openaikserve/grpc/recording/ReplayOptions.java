package io.github.openaikserve.grpc.recording;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The options of a {@link ReplayBackend}. Not thread-safe. */
public final class ReplayOptions {
  final Set<String> ignored = new HashSet<>();
  boolean anyContent;
  boolean repeating;
  boolean timed;
  boolean quoting;

  ReplayOptions() {}

  /**
   * Matches calls by RPC, model and version only, in the recorded order (default: also by content).
   */
  public ReplayOptions anyContent() {
    anyContent = true;
    return this;
  }

  /** Ignores differences in these inputs and parameters, such as a random seed. */
  public ReplayOptions ignoring(String... names) {
    ignored.addAll(List.of(names));
    return this;
  }

  /**
   * Repeats the last matching answer if a call is made more often than it was recorded (default:
   * the call fails).
   */
  public ReplayOptions repeating() {
    repeating = true;
    return this;
  }

  /** Waits before each signal for the recorded time (default: no wait). */
  public ReplayOptions inRecordedTime() {
    timed = true;
    return this;
  }

  /** Quotes texts in the differences between calls (default: only their lengths). */
  public ReplayOptions quotingTexts() {
    quoting = true;
    return this;
  }
}
