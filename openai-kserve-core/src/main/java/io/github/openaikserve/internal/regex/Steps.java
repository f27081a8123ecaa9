package io.github.openaikserve.internal.regex;

/** A budget of steps for a check. Not thread-safe. */
public final class Steps {
  /** The exception for a check that exceeds its budget of steps. */
  public static final class ExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExhaustedException() {
      super("the check takes too many steps", null, false, false);
    }
  }

  private final long limit;
  private long taken;

  /** Creates a budget. */
  public Steps(long limit) {
    this.limit = limit;
  }

  /**
   * Takes one step.
   *
   * @throws ExhaustedException if no step is left
   */
  public void take() {
    take(1);
  }

  /**
   * Takes several steps.
   *
   * @throws ExhaustedException if fewer steps are left
   */
  public void take(int steps) {
    taken += steps;
    if (taken > limit) {
      throw new ExhaustedException();
    }
  }

  /** Returns the number of steps taken. */
  public long taken() {
    return taken;
  }
}
