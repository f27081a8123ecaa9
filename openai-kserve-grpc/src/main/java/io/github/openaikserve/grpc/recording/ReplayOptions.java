package io.github.openaikserve.grpc.recording;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Options of a {@link ReplayBackend}. Not thread-safe. */
public final class ReplayOptions {
  private final Set<String> ignored = new HashSet<>();
  private boolean anyContent;
  private boolean repeating;
  private boolean timed;
  private boolean quoting;

  ReplayOptions() {}

  /** Answers a call by RPC, model and version alone: the next recorded one answers. */
  public ReplayOptions anyContent() {
    anyContent = true;
    return this;
  }

  /** Ignores these inputs and parameters, such as a random seed. */
  public ReplayOptions ignoring(String... names) {
    ignored.addAll(List.of(names));
    return this;
  }

  /** Answers a call that is made more often than it was recorded as it was answered last. */
  public ReplayOptions repeating() {
    repeating = true;
    return this;
  }

  /** Waits before each signal as long as the server took (default: not at all). */
  public ReplayOptions inRecordedTime() {
    timed = true;
    return this;
  }

  /** Quotes texts where a call differs from the recorded one (default: their lengths only). */
  public ReplayOptions quotingTexts() {
    quoting = true;
    return this;
  }

  boolean takesAnyContent() {
    return anyContent;
  }

  boolean ignores(String name) {
    return ignored.contains(name);
  }

  boolean isRepeating() {
    return repeating;
  }

  boolean isTimed() {
    return timed;
  }

  boolean isQuoting() {
    return quoting;
  }
}
