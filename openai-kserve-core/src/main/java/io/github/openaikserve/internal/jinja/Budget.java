package io.github.openaikserve.internal.jinja;

/** What is left of {@link Limits#WORK} for one rendering. Not thread-safe; one per rendering. */
final class Budget {
  private long left = Limits.WORK;

  void spend(long work) {
    left -= work;
    if (left < 0) {
      throw new Fault("the template does more than " + Limits.WORK + " steps of work");
    }
  }

  /** Pays for a text of this many characters, before it is made. */
  void text(long length) {
    if (length > Limits.TEXT) {
      throw new Fault("a text is longer than " + Limits.TEXT + " characters");
    }
    spend(length);
  }

  /** Pays for a list of this many elements, before it is made. */
  void list(long size) {
    spend(Math.multiplyHigh(size, 4) == 0 ? size * 4 : Long.MAX_VALUE / 2);
  }
}
