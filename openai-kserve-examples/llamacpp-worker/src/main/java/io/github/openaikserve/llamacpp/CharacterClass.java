package io.github.openaikserve.llamacpp;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A character class of a regular expression. Not thread-safe.
 *
 * <p>Where a class has control characters, the grammar has only those with a short escape in JSON;
 * the complement of a class has none.
 */
final class CharacterClass {
  private static final int[] ESCAPED = {'"', '\\', '\b', '\t', '\n', '\f', '\r'};

  private record Range(int from, int to) {}

  private final List<Range> ranges = new ArrayList<>();
  private boolean negated;

  /**
   * Returns the class of an escape.
   *
   * @param letter one of {@code dDwWsS}
   */
  static CharacterClass of(char letter) {
    var all = new CharacterClass();
    switch (Character.toLowerCase(letter)) {
      case 'd' -> all.add('0', '9');
      case 'w' -> all.add('0', '9').add('A', 'Z').add('_', '_').add('a', 'z');
      default -> all.add('\t', '\r').add(' ', ' ').add(0xA0, 0xA0).add(0x2028, 0x2029);
    }
    return Character.isUpperCase(letter) ? all.negate() : all;
  }

  /** Returns the class of the dot, which has no line separators. */
  static CharacterClass dot() {
    return new CharacterClass().add(0x2028, 0x2029).negate();
  }

  CharacterClass add(int from, int to) {
    ranges.add(new Range(from, to));
    return this;
  }

  /** Adds the characters of another class, which must not be a complement. */
  void addAll(CharacterClass other) {
    ranges.addAll(other.ranges);
  }

  CharacterClass negate() {
    negated = !negated;
    return this;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Returns an expression for one character of a JSON string; empty if there is none. */
  String expression() {
    if (negated) {
      boolean some = IntStream.range(' ', 0x7F).filter(GrammarText::isPlain).anyMatch(c -> !has(c));
      return some ? "[^\\x22\\x5C\\x7F\\x00-\\x1F" + text(ranges) + "]" : "";
    }
    List<Range> plain = plain();
    List<String> parts = new ArrayList<>();
    if (!plain.isEmpty()) {
      parts.add("[" + text(plain) + "]");
    }
    for (int c : ESCAPED) {
      if (has(c)) {
        parts.add(GrammarText.inString(c));
      }
    }
    return parts.size() > 1 ? "( " + String.join(" | ", parts) + " )" : String.join("", parts);
  }

  private boolean has(int character) {
    return ranges.stream().anyMatch(range -> range.from <= character && character <= range.to);
  }

  private List<Range> plain() {
    List<Range> plain = new ArrayList<>();
    for (Range range : ranges) {
      int from = -1;
      for (int c = range.from; c <= range.to + 1; c++) {
        boolean part = c <= range.to && GrammarText.isPlain(c);
        if (part && from < 0) {
          from = c;
        } else if (!part && from >= 0) {
          plain.add(new Range(from, c - 1));
          from = -1;
        }
      }
    }
    return plain;
  }

  private static String text(List<Range> ranges) {
    var text = new StringBuilder();
    for (Range range : ranges) {
      text.append(GrammarText.inClass(range.from));
      if (range.to > range.from) {
        text.append('-').append(GrammarText.inClass(range.to));
      }
    }
    return text.toString();
  }
}
