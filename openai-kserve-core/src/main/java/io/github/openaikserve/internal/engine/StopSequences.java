package io.github.openaikserve.internal.engine;

import java.util.List;

/**
 * Cuts a text at the earliest place where one of the stop sequences begins. Not thread-safe; one
 * per stream.
 *
 * <p>Text that could be the beginning of a stop sequence is held back until it is known not to be;
 * never more than the longest of them. However the text is cut into pieces, what comes out is the
 * same.
 */
final class StopSequences {
  private final String[] sequences;
  private final StringBuilder held = new StringBuilder();
  private boolean matched;

  StopSequences(List<String> sequences) {
    this.sequences = sequences.toArray(String[]::new);
  }

  /** Takes a piece and gives what is certain to come before any stop sequence. */
  String next(String text) {
    if (sequences.length == 0) {
      return text;
    }
    held.append(text);
    int cut = firstBeginning();
    String certain = held.substring(0, cut);
    held.delete(0, cut);
    return certain;
  }

  /** Gives what was held back, up to a stop sequence that is whole. */
  String end() {
    int cut = held.length();
    for (String sequence : sequences) {
      int index = held.indexOf(sequence);
      if (index >= 0 && index < cut) {
        cut = index;
        matched = true;
      }
    }
    String rest = held.substring(0, cut);
    held.setLength(0);
    return rest;
  }

  /** Whether a stop sequence was met, after which nothing more comes. */
  boolean matched() {
    return matched;
  }

  /** Where the first stop sequence begins, whole or as far as the text goes; else its length. */
  private int firstBeginning() {
    for (int start = 0; start < held.length(); start++) {
      boolean begins = false;
      for (String sequence : sequences) {
        int length = Math.min(sequence.length(), held.length() - start);
        if (beginsAt(start, sequence, length)) {
          if (length == sequence.length()) {
            matched = true;
            return start;
          }
          begins = true;
        }
      }
      if (begins) {
        return start;
      }
    }
    return held.length();
  }

  private boolean beginsAt(int start, String sequence, int length) {
    for (int i = 0; i < length; i++) {
      if (held.charAt(start + i) != sequence.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
