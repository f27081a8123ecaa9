package io.github.openaikserve.internal.jinja.value;

/**
 * The limits of templates. They are far above the needs of all known chat templates, and far below
 * values that would exhaust the memory or the stack of a thread.
 */
public final class Limits {
  /** The maximum length of a template. The longest known one has about 30,000 characters. */
  public static final int SOURCE = 1 << 20;

  /**
   * The maximum nesting of blocks and operators in a template. The deepest known one has about 20
   * levels.
   */
  public static final int NESTING = 100;

  /**
   * The maximum number of operators, filters and attributes of one tag. The longest known one has
   * about 30.
   */
  public static final int CHAIN = 1_000;

  /**
   * The maximum nesting of blocks and operators during rendering, over all calls of macros. Each
   * level takes a few hundred bytes of stack, so all levels fit into half of the usual megabyte.
   */
  public static final int DEPTH = 800;

  /** The maximum nesting of lists that are printed or compared. */
  static final int VALUE_DEPTH = 200;

  /** The maximum length of a prompt and of any other string: about four million tokens. */
  public static final int TEXT = 1 << 24;

  /**
   * The total cost of operators, loop iterations, calls, list elements and characters that are
   * copied or read: less than a second of processor time, also on a slow machine. A text of a
   * million tokens can be copied about eight times, and the retained data fits into 64 MiB.
   */
  public static final long MAX_STEPS = 1L << 25;

  /** The maximum length of a range, as in jinja2's sandbox. */
  static final int RANGE = 100_000;

  /** The maximum size of an integer in bits; rejects {@code 9 ** 9 ** 9}. */
  public static final int BITS = 8_192;

  private Limits() {}
}
