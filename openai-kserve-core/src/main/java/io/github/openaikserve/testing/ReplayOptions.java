package io.github.openaikserve.testing;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** How a {@link ReplayBackend} replays. Not thread-safe. */
public final class ReplayOptions {
  private final Set<String> ignored = new HashSet<>();
  private Matching matching = Matching.CONTENT;
  private boolean repeating;
  private boolean timed;
  private boolean quoting;

  ReplayOptions() {}

  /** How like the recorded call a call must be; {@link Matching#CONTENT} unless set. */
  public ReplayOptions matching(Matching matching) {
    this.matching = Objects.requireNonNull(matching, "matching");
    return this;
  }

  /** Takes no notice of these inputs and parameters, such as a random seed. */
  public ReplayOptions ignoring(String... names) {
    ignored.addAll(List.of(names));
    return this;
  }

  /**
   * Answers a call that is made more often than it was recorded as it was answered last; it fails
   * unless set.
   */
  public ReplayOptions repeating() {
    this.repeating = true;
    return this;
  }

  /** Waits before each signal as long as the server took; answers at once unless set. */
  public ReplayOptions inRecordedTime() {
    this.timed = true;
    return this;
  }

  /** Quotes texts where a call differs from the recorded one; only their lengths unless set. */
  public ReplayOptions quotingTexts() {
    this.quoting = true;
    return this;
  }

  Matching matching() {
    return matching;
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
