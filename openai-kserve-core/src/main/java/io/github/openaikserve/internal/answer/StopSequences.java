package io.github.openaikserve.internal.answer;

import java.util.Arrays;
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
  private final boolean[] beginnings = new boolean[0x80];
  private final StringBuilder held = new StringBuilder();
  private boolean matched;

  StopSequences(List<String> sequences) {
    this.sequences = sequences.toArray(String[]::new);
    for (String sequence : this.sequences) {
      if (sequence.isEmpty()) {
        Arrays.fill(beginnings, true);
      } else if (sequence.charAt(0) < beginnings.length) {
        beginnings[sequence.charAt(0)] = true;
      }
    }
  }

  /**
   * Whether {@link #next} would give this text, in UTF-8, as it is: nothing is held back, and no
   * stop sequence can begin in it.
   */
  boolean letPass(byte[] utf8, int length) {
    if (sequences.length == 0) {
      return true;
    }
    if (!held.isEmpty() || matched) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      byte b = utf8[i];
      if (b < 0 || beginnings[b]) {
        return false;
      }
    }
    return true;
  }

  /** Takes a piece and gives what is certain to come before any stop sequence. */
  String next(String text) {
    if (sequences.length == 0 || (held.isEmpty() && isPlain(text))) {
      return text;
    }
    held.append(text);
    int cut = firstBeginning();
    String certain = held.substring(0, cut);
    held.delete(0, cut);
    return certain;
  }

  /** Whether no stop sequence can begin in it: most of an answer is so. */
  private boolean isPlain(String text) {
    for (String sequence : sequences) {
      if (sequence.isEmpty() || text.indexOf(sequence.charAt(0)) >= 0) {
        return false;
      }
    }
    return true;
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
