package io.github.openaikserve.internal.regex;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * An Earley recognizer that checks one text. The number of steps is at most cubic in the length of
 * the text, and linear for most grammars. Used once.
 *
 * <p>Source: J. Earley, <i>An efficient context-free parsing algorithm</i>, 1970; J. Aycock and N.
 * Horspool, <i>Practical Earley Parsing</i>, 2002, on rules that match nothing.
 */
final class Recognizer {
  private final Productions productions;
  private final Steps steps;
  private Items[] all = new Items[0];

  Recognizer(Productions productions, Steps steps) {
    this.productions = productions;
    this.steps = steps;
  }

  /**
   * The Earley items at one position of the text: each is a place and the position where it began.
   */
  private static final class Items {
    private long[] items = new long[16];
    private int size;
    private Set<Long> seen = new HashSet<>();

    void add(int place, int origin) {
      long item = ((long) place << 32) | origin;
      if (!seen.add(item)) {
        return;
      }
      if (size == items.length) {
        items = Arrays.copyOf(items, size * 2);
      }
      items[size++] = item;
    }

    int place(int index) {
      return (int) (items[index] >>> 32);
    }

    int origin(int index) {
      return (int) items[index];
    }

    /** Releases memory that only {@link #add} needs. No items may be added afterwards. */
    void close() {
      seen = Set.of();
      items = Arrays.copyOf(items, size);
    }
  }

  boolean matches(int[] text) {
    all = new Items[text.length + 1];
    all[0] = new Items();
    predict(all[0], productions.start(), 0);
    for (int i = 0; i <= text.length; i++) {
      Items items = all[i];
      var next = new Items();
      for (int k = 0; k < items.size; k++) { // grows during the loop
        steps.take();
        int symbol = productions.symbol(items.place(k));
        if (symbol == Productions.END) {
          complete(items, i, k);
        } else if (symbol >= 0) {
          predict(items, symbol, i);
          if (productions.isNullable(symbol)) {
            items.add(items.place(k) + 1, items.origin(k));
          }
        } else if (i < text.length && productions.matches(symbol, text[i])) {
          next.add(items.place(k) + 1, items.origin(k));
        }
      }
      if (i == text.length) {
        return isWhole(items);
      }
      items.close();
      if (next.size == 0) {
        return false;
      }
      all[i + 1] = next;
    }
    return false;
  }

  private void predict(Items items, int rule, int position) {
    for (int place : productions.begins(rule)) {
      items.add(place, position);
    }
  }

  private void complete(Items items, int position, int index) {
    int origin = items.origin(index);
    if (origin == position) {
      return; // an empty rule: its predictor has already continued
    }
    int rule = productions.owner(items.place(index));
    Items waiting = all[origin];
    for (int k = 0; k < waiting.size; k++) {
      steps.take();
      if (productions.symbol(waiting.place(k)) == rule) {
        items.add(waiting.place(k) + 1, waiting.origin(k));
      }
    }
  }

  private boolean isWhole(Items items) {
    for (int k = 0; k < items.size; k++) {
      if (items.origin(k) == 0
          && productions.symbol(items.place(k)) == Productions.END
          && productions.owner(items.place(k)) == productions.start()) {
        return true;
      }
    }
    return false;
  }
}
