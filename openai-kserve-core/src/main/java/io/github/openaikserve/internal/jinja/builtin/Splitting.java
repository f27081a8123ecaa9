package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.Search;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import io.github.openaikserve.internal.jinja.value.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The string methods that split text. */
final class Splitting {
  private Splitting() {}

  static Object split(String text, Args args) {
    StepLimit budget = args.budget();
    budget.text(text.length());
    String separator = args.someText(0);
    int most = args.size(1, -1);
    List<Object> parts = new ArrayList<>();
    if (separator == null) {
      return splitAtSpace(text, most, budget);
    }
    requireSeparator(separator);
    int from = 0;
    for (int at = Search.next(text, separator, 0, budget);
        at >= 0 && (most < 0 || parts.size() < most);
        at = Search.next(text, separator, from, budget)) {
      budget.list(1);
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static void requireSeparator(String separator) {
    if (separator.isEmpty()) {
      throw new TemplateError("empty separator");
    }
  }

  /** Returns the words of a text. */
  static List<Object> atSpace(String text, StepLimit budget) {
    return splitAtSpace(text, -1, budget);
  }

  private static List<Object> splitAtSpace(String text, int most, StepLimit budget) {
    List<Object> parts = new ArrayList<>();
    int from = skip(text, 0, true);
    while (from < text.length()) {
      budget.list(1);
      boolean rest = most >= 0 && parts.size() == most;
      int end = rest ? text.length() : skip(text, from, false);
      parts.add(text.substring(from, end));
      from = skip(text, end, true);
    }
    return parts;
  }

  /**
   * Returns the end of the run of white space, or of other characters, that begins at a position.
   */
  private static int skip(String text, int from, boolean space) {
    int at = from;
    while (at < text.length() && Text.isSpace(text.charAt(at)) == space) {
      at++;
    }
    return at;
  }

  private static Object rsplitAtSpace(String text, int most, StepLimit budget) {
    List<Object> parts = new ArrayList<>();
    int end = back(text, text.length(), true);
    while (end > 0) {
      budget.list(1);
      int from = parts.size() == most ? 0 : back(text, end, false);
      parts.add(text.substring(from, end));
      end = back(text, from, true);
    }
    Collections.reverse(parts);
    return parts;
  }

  private static int back(String text, int from, boolean space) {
    int at = from;
    while (at > 0 && Text.isSpace(text.charAt(at - 1)) == space) {
      at--;
    }
    return at;
  }

  static Object rsplit(String text, Args args) {
    StepLimit budget = args.budget();
    String separator = args.someText(0);
    int most = args.size(1, -1);
    if (most < 0) {
      return split(text, args);
    }
    budget.text(text.length());
    if (separator == null) {
      return rsplitAtSpace(text, most, budget);
    }
    requireSeparator(separator);
    if (separator.length() > 16) {
      budget.read((long) text.length() * separator.length() / 8);
    }
    List<Object> parts = new ArrayList<>();
    int end = text.length();
    for (int at = text.lastIndexOf(separator);
        at >= 0 && parts.size() < most;
        at = text.lastIndexOf(separator, end - separator.length() - 1)) {
      budget.list(1);
      parts.add(text.substring(at + separator.length(), end));
      end = at;
      if (end < separator.length()) {
        break;
      }
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  static Object lines(String text, Args args) {
    args.budget().text(text.length());
    return new ArrayList<Object>(Text.lines(text, args.truth(0)));
  }

  static Object partition(String text, Args args, boolean last) {
    String separator = args.text(0);
    requireSeparator(separator);
    int at =
        last
            ? Search.findLast(text, separator, args.budget())
            : Search.find(text, separator, 0, args.budget());
    if (at < 0) {
      return last ? new Tuple("", "", text) : new Tuple(text, "", "");
    }
    return new Tuple(text.substring(0, at), separator, text.substring(at + separator.length()));
  }
}
