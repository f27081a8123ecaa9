package io.github.openaikserve.http;

/** A search for one byte sequence with the Knuth-Morris-Pratt algorithm. Immutable. */
final class ByteSearch {
  private final byte[] sought;
  private final int[] failures;

  /** Creates a search; the byte sequence must not be modified afterwards. */
  ByteSearch(byte[] sought) {
    this.sought = sought;
    this.failures = failures(sought);
  }

  /** Returns the first position of the byte sequence, at or after {@code from}; -1 if none. */
  int find(byte[] body, int from) {
    int matched = 0;
    for (int i = from; i < body.length; i++) {
      while (matched > 0 && body[i] != sought[matched]) {
        matched = failures[matched - 1];
      }
      if (body[i] == sought[matched]) {
        matched++;
      }
      if (matched == sought.length) {
        return i - matched + 1;
      }
    }
    return -1;
  }

  /**
   * Returns the failure table: for each prefix, the length of its longest proper prefix that is
   * also a suffix.
   */
  private static int[] failures(byte[] sought) {
    int[] failures = new int[sought.length];
    int matched = 0;
    for (int i = 1; i < sought.length; i++) {
      while (matched > 0 && sought[i] != sought[matched]) {
        matched = failures[matched - 1];
      }
      if (sought[i] == sought[matched]) {
        matched++;
      }
      failures[i] = matched;
    }
    return failures;
  }
}
