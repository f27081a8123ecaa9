package io.github.openaikserve.internal.jinja;

import java.util.List;

/**
 * The remaining part of {@link Limits#MAX_STEPS} for one rendering. One instance per rendering. Not
 * thread-safe.
 */
final class StepLimit {
  private static final int CALL = 40;

  private long left = Limits.MAX_STEPS;

  void spend(long work) {
    left -= work;
    if (left < 0) {
      throw new TemplateError("the template takes more than " + Limits.MAX_STEPS + " steps");
    }
  }

  /** Pays for one operator, name or constant. */
  void step() {
    spend(2);
  }

  /** Pays for a call, which creates a frame or binds arguments. */
  void call() {
    spend(CALL);
  }

  /** Pays for reading this many characters one by one. */
  void read(long length) {
    spend(length);
  }

  /** Pays for reading this many characters with vectorized code. */
  void scan(long length) {
    spend(length / 8 + 1);
  }

  /** Pays for hashing a value. Shared parts are visited each time they occur. */
  void hash(Object value) {
    hash(value, 0);
  }

  private void hash(Object value, int depth) {
    spend(2);
    if (depth > Limits.VALUE_DEPTH) {
      throw new TemplateError("values are nested too deeply to be hashed");
    }
    if (value instanceof List<?> list) {
      for (Object element : list) {
        hash(Values.of(element), depth + 1);
      }
    }
  }

  /** Pays for a text of this many characters before it is created. */
  void text(long length) {
    if (length > Limits.TEXT) {
      throw new TemplateError("a text is longer than " + Limits.TEXT + " characters");
    }
    spend(length);
  }

  /** Pays for a list of this many elements before it is created. */
  void list(long size) {
    spend(Math.multiplyHigh(size, 4) == 0 ? size * 4 : Long.MAX_VALUE / 2);
  }
}
