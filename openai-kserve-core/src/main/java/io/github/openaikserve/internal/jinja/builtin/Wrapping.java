package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * The filter {@code wordwrap}, which breaks the lines of a text like Python's {@code textwrap}, in
 * linear time.
 *
 * <p>Source: {@code python/cpython}: {@code Lib/textwrap.py}.
 */
final class Wrapping {
  private final int width;
  private final boolean breaksWords;
  private final boolean breaksHyphens;
  private final List<String> lines = new ArrayList<>();

  /** The characters of the current line of the text. */
  private int[] points = {};

  /** The first character of the current chunk that is not yet on a line, and the chunk's end. */
  private int next;

  private int end;

  /** The position of a character that is not white space. */
  private int ink;

  private Wrapping(int width, boolean breaksWords, boolean breaksHyphens) {
    this.width = width;
    this.breaksWords = breaksWords;
    this.breaksHyphens = breaksHyphens;
  }

  static Object in(String text, Args args) {
    StepLimit budget = args.budget();
    budget.read(16L * text.length());
    var wrapping = new Wrapping(args.size(0, 79), args.truth(1, true), args.truth(3, true));
    String newLine = args.text(2, "\n");
    List<String> wrapped = new ArrayList<>();
    long length = 0;
    for (String line : Text.lines(text, false)) {
      budget.list(1);
      List<String> parts = wrapping.wrap(line, budget);
      length += line.length() + (1L + parts.size()) * newLine.length();
      wrapped.add(String.join(newLine, parts));
      budget.text(length);
    }
    return String.join(newLine, wrapped);
  }

  private List<String> wrap(String line, StepLimit budget) {
    if (width <= 0) {
      throw new TemplateError("invalid width " + width + " (must be > 0)");
    }
    points = line.codePoints().toArray();
    lines.clear();
    ink = 0;
    next = 0;
    end = points.length == 0 ? 0 : chunk(0);
    while (next < points.length) {
      budget.list(2);
      addLine();
    }
    return lines;
  }

  private void addLine() {
    if (!lines.isEmpty() && isSpace(next, end)) {
      skip();
    }
    int from = next;
    int last = from; // the beginning of the last chunk of the line
    while (next < points.length && end - from <= width) {
      last = next;
      skip();
    }
    if (next < points.length && end - next > width && (breaksWords || next == from)) {
      last = next;
      if (breaksWords) {
        next = cut(width - (next - from));
      } else {
        skip();
      }
    }
    int to = isSpace(last, next) ? last : next;
    if (to > from) {
      lines.add(new String(points, from, to - from));
    }
  }

  private void skip() {
    next = end;
    end = next < points.length ? chunk(next) : next;
  }

  /** Returns the position at which a long word is cut: after a hyphen, if there is one. */
  private int cut(int space) {
    if (breaksHyphens) {
      int hyphen = next + space - 1;
      while (hyphen > next && points[hyphen] != '-') {
        hyphen--;
      }
      int other = next;
      while (other < hyphen && points[other] == '-') {
        other++;
      }
      if (other < hyphen) {
        return hyphen + 1;
      }
    }
    return next + space;
  }

  /** Returns whether a part is white space. The parts are tested in order. */
  private boolean isSpace(int from, int to) {
    ink = Math.max(ink, from);
    while (ink < points.length && Text.isSpace(points[ink])) {
      ink++;
    }
    return ink >= to;
  }

  /** Returns the end of the white space, or of the part of a word, that begins at a position. */
  private int chunk(int from) {
    boolean space = isBlank(points[from]);
    int dash = breaksHyphens ? endOfDash(from) : -1;
    if (dash >= 0) {
      return dash;
    }
    for (int at = from + 1; at < points.length; at++) {
      if (isBlank(points[at]) != space) {
        return at;
      }
      if (!space && breaksHyphens && points[at] == '-') {
        if (isHyphen(at)) {
          return at + 1;
        }
        if (endOfDash(at) >= 0) {
          return at;
        }
      }
    }
    return points.length;
  }

  /** Returns the end of a dash of several hyphens between words; -1 for none. */
  private int endOfDash(int from) {
    if (from == 0 || points[from] != '-' || !isInWord(points[from - 1])) {
      return -1;
    }
    int end = from;
    while (end < points.length && points[end] == '-') {
      end++;
    }
    return end - from >= 2 && end < points.length && isWord(points[end]) ? end : -1;
  }

  /** Returns whether the hyphen at a position is between the parts of a word. */
  private boolean isHyphen(int at) {
    boolean before =
        isLetter(at - 1) && (isLetter(at - 2) || (isHyphenAt(at - 2) && isLetter(at - 3)));
    return before
        && isLetter(at + 1)
        && (isLetter(at + 2) || (isHyphenAt(at + 2) && isLetter(at + 3)));
  }

  private boolean isHyphenAt(int at) {
    return at >= 0 && at < points.length && points[at] == '-';
  }

  private boolean isLetter(int at) {
    return at >= 0 && at < points.length && isWord(points[at]) && !Character.isDigit(points[at]);
  }

  private static boolean isInWord(int c) {
    return isWord(c) || "!\"'&.,?".indexOf(c) >= 0;
  }

  private static boolean isWord(int c) {
    return c == '_' || Character.isLetter(c) || StringMethods.isNumeric(c);
  }

  private static boolean isBlank(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
