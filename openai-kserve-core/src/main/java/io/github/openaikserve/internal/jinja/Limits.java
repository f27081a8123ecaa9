package io.github.openaikserve.internal.jinja;

/**
 * How much a template may ask for. They stand far above what any known chat template needs, and far
 * below what would exhaust the memory or the stack of a thread.
 */
final class Limits {
  /** The longest known chat template has some 30,000 characters. */
  static final int SOURCE = 1 << 20;

  /** Nested blocks and nested operators of one template; the deepest known one has about 20. */
  static final int NESTING = 100;

  /** Operators, filters and attributes of one tag; the longest known one has about 30. */
  static final int CHAIN = 1_000;

  /**
   * Levels of blocks and operators under way at once, over all macros that call each other. Each
   * costs a few hundred bytes of stack, so they fit into half of the usual megabyte.
   */
  static final int DEPTH = 800;

  /** Lists within lists, when they are printed or compared. */
  static final int VALUE_DEPTH = 200;

  /** Characters of a prompt or of any text on the way to it: some four million tokens. */
  static final int TEXT = 1 << 24;

  /**
   * Operators, loop passes, calls, list elements and characters moved or looked at, by what they
   * cost, all taken together: less than a second of a processor. A million tokens' worth of text
   * can be moved about ten times, and what is kept fits into 128 MiB.
   */
  static final long WORK = 1L << 26;

  /** What jinja2's own sandbox allows a range. */
  static final int RANGE = 100_000;

  /** The width of a whole number: {@code 9 ** 9 ** 9} is refused. */
  static final int BITS = 8_192;

  private Limits() {}
}
