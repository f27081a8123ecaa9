package io.github.openaikserve.internal.jinja.value;

/** A search for a text in another text, in time linear in both lengths. */
public final class Search {
  /** The length below which the JDK's search is used, which is vectorized. */
  private static final int SHORT = 16;

  private Search() {}

  /** Returns the index of the first occurrence at or after {@code from}; -1 for none. */
  public static int find(String text, String part, int from, StepLimit budget) {
    if (part.length() <= SHORT) {
      budget.scan(Math.max(0, text.length() - from));
      return text.indexOf(part, from);
    }
    budget.step();
    if (part.length() > text.length() - from) {
      return -1;
    }
    int found = scan(text, part, from, false);
    int end = found < 0 ? text.length() : found + part.length();
    budget.read(part.length() + (long) end - from); // a later search continues there
    return found;
  }

  /** Returns the index of the last occurrence; -1 for none. */
  public static int findLast(String text, String part, StepLimit budget) {
    budget.scan(text.length());
    if (part.length() <= SHORT) {
      return text.lastIndexOf(part);
    }
    budget.read(part.length() + (long) text.length());
    return part.length() > text.length() ? -1 : scan(text, part, 0, true);
  }

  /** Returns the first or the last occurrence, found with the Knuth-Morris-Pratt algorithm. */
  private static int scan(String text, String part, int from, boolean last) {
    int[] prefixes = prefixes(part);
    int found = -1;
    int matched = 0;
    for (int i = from; i < text.length(); i++) {
      while (matched > 0 && text.charAt(i) != part.charAt(matched)) {
        matched = prefixes[matched - 1];
      }
      if (text.charAt(i) == part.charAt(matched)) {
        matched++;
      }
      if (matched == part.length()) {
        found = i + 1 - matched;
        if (!last) {
          return found;
        }
        matched = prefixes[matched - 1];
      }
    }
    return found;
  }

  /** Returns, for each prefix, the length of the longest shorter prefix that it ends with. */
  private static int[] prefixes(String part) {
    int[] prefixes = new int[part.length()];
    int matched = 0;
    for (int i = 1; i < part.length(); i++) {
      while (matched > 0 && part.charAt(i) != part.charAt(matched)) {
        matched = prefixes[matched - 1];
      }
      if (part.charAt(i) == part.charAt(matched)) {
        matched++;
      }
      prefixes[i] = matched;
    }
    return prefixes;
  }

  /**
   * Returns the next occurrence. Searching for a short text takes one step, because the caller has
   * paid for reading the whole text; for a long text, {@link #find} takes further steps.
   */
  public static int next(String text, String part, int from, StepLimit budget) {
    budget.step();
    return part.length() <= 16 ? text.indexOf(part, from) : find(text, part, from, budget);
  }
}
