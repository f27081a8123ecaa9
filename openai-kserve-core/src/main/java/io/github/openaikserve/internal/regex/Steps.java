package io.github.openaikserve.internal.regex;

/** The steps that a check may still take. Not thread-safe. */
public final class Steps {
  /** The check needs more steps than it may take. */
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
   * @throws ExhaustedException if there is none left
   */
  public void take() {
    take(1);
  }

  /**
   * Takes several steps.
   *
   * @throws ExhaustedException if there are fewer left
   */
  public void take(int steps) {
    taken += steps;
    if (taken > limit) {
      throw new ExhaustedException();
    }
  }

  /** Returns how many steps were taken. */
  public long taken() {
    return taken;
  }
}
