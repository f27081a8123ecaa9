package io.github.openaikserve.resilience;

/** How busy something is now. Thread-safe; each number is of its own moment. */
public interface Load {
  /** How many calls go on, also those that are drained. */
  int running();

  /** How many calls wait. */
  int waiting();

  /** How many may go on at a time. */
  int max();
}
