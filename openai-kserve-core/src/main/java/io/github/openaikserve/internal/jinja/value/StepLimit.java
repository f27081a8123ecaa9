package io.github.openaikserve.internal.jinja.value;

import java.math.BigInteger;

/**
 * The remaining part of {@link Limits#MAX_STEPS} for one rendering. One instance per rendering. Not
 * thread-safe.
 */
public final class StepLimit {
  private static final int CALL = 40;
  private static final int FLOAT = 400;
  private static final int BEYOND_ASCII = 4;

  private long left;

  /** Creates a budget of this many steps. */
  public StepLimit(long steps) {
    left = steps;
  }

  public void spend(long work) {
    left -= work;
    if (left < 0) {
      throw new TemplateError("the template takes more than " + Limits.MAX_STEPS + " steps");
    }
  }

  /** Pays for one operator, name or constant. */
  public void step() {
    spend(2);
  }

  /** Pays for a call, which creates a frame or binds arguments. */
  public void call() {
    spend(CALL);
  }

  /** Pays for reading this many characters one by one. */
  public void read(long length) {
    spend(length);
  }

  /**
   * Pays for changing the case of a text.
   *
   * @param cost the steps for each character of an ASCII text. Other characters can become several,
   *     or depend on their neighbors
   */
  public void changeCase(String text, int cost) {
    int ascii = 0;
    while (ascii < text.length() && text.charAt(ascii) < 0x80) {
      ascii++;
    }
    spend((long) cost * text.length() * (ascii == text.length() ? 1 : BEYOND_ASCII));
  }

  /** Pays for reading this many characters with vectorized code. */
  public void scan(long length) {
    spend(length / 8 + 1);
  }

  /** Pays for a text of this many characters before it is created. */
  public void text(long length) {
    if (length > Limits.TEXT) {
      throw new TemplateError("a text is longer than " + Limits.TEXT + " characters");
    }
    spend(length);
  }

  /** Pays for writing a number in decimal digits. */
  public void digits(Object value) {
    if (value instanceof Double real) {
      spend(FLOAT + 2L * Math.abs(Math.getExponent(real)));
    } else if (value instanceof BigInteger whole) {
      spend(4L * whole.bitLength());
    }
  }

  /** Pays for a list of this many elements before it is created. */
  public void list(long size) {
    spend(Math.multiplyHigh(size, 4) == 0 ? size * 4 : Long.MAX_VALUE / 2);
  }
}
