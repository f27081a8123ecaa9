package io.github.openaikserve.resilience;

/**
 * The current load of a limit. The numbers are read at different times, so they may not match each
 * other. Thread-safe.
 */
public interface Load {
  /** Returns the number of running calls, including drained calls. */
  int running();

  /** Returns the number of waiting calls. */
  int waiting();

  /** Returns the maximum number of concurrent calls. */
  int max();
}
