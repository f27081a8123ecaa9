package io.github.openaikserve.internal.regex;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** A parser of a Lark grammar's strings and regular expressions, which have Python's syntax. */
final class LarkText {
  private LarkText() {}

  static Node string(String escaped, boolean anyCase) {
    List<Node> parts = new ArrayList<>();
    unescaped(escaped)
        .codePoints()
        .forEach(c -> parts.add(new Node.OneOf(anyCase ? ignoringCase(o -> o == c) : o -> o == c)));
    return new Node.Sequence(List.copyOf(parts));
  }

  /** Returns the character of a string that must consist of one character. */
  static int character(String escaped) {
    int[] characters = unescaped(escaped).codePoints().toArray();
    if (characters.length != 1) {
      throw new IllegalArgumentException("a range must be between two characters");
    }
    return characters[0];
  }

  private static String unescaped(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    var in = new PatternReader(text);
    var unescaped = new StringBuilder();
    while (!in.atEnd()) {
      int c = in.next();
      if (c == '\\') {
        escape(in, unescaped);
      } else {
        unescaped.appendCodePoint(c);
      }
    }
    return unescaped.toString();
  }

  private static void escape(PatternReader in, StringBuilder unescaped) {
    int c = in.next();
    switch (c) {
      case 'n' -> unescaped.append('\n');
      case 'r' -> unescaped.append('\r');
      case 't' -> unescaped.append('\t');
      case 'f' -> unescaped.append('\f');
      case 'v' -> unescaped.append((char) 0x0B);
      case '\\', '"', '\'' -> unescaped.appendCodePoint(c);
      case 'x' -> unescaped.appendCodePoint(hex(in, 2));
      case 'u' -> unescaped.appendCodePoint(hex(in, 4));
      case 'U' -> unescaped.appendCodePoint(hex(in, 8));
      default -> unescaped.append('\\').appendCodePoint(c);
    }
  }

  private static int hex(PatternReader in, int digits) {
    int value = in.takeHex(digits);
    if (!Character.isValidCodePoint(value)) {
      throw in.wrong("expected " + digits + " hexadecimal digits of a character");
    }
    return value;
  }

  /**
   * Parses a regular expression.
   *
   * @throws LarkGrammar.UnsupportedException if the regular expression is not supported
   */
  static Node regex(String pattern, String flags) {
    Node parts;
    try {
      IntPredicate dot = flags.indexOf('s') >= 0 ? c -> true : c -> c != '\n';
      parts = new PatternParser(new PatternReader(pattern, true), dot).parse();
    } catch (IllegalArgumentException e) {
      throw new LarkGrammar.UnsupportedException(
          "the regular expression /%s/: %s".formatted(pattern, e.getMessage()));
    }
    return flags.indexOf('i') >= 0 ? ignoringCase(parts) : parts;
  }

  private static Node ignoringCase(Node part) {
    if (part instanceof Node.OneOf one) {
      return new Node.OneOf(ignoringCase(one.set()));
    }
    if (part instanceof Node.Sequence sequence) {
      return new Node.Sequence(sequence.parts().stream().map(LarkText::ignoringCase).toList());
    }
    if (part instanceof Node.Choice choice) {
      return new Node.Choice(choice.branches().stream().map(LarkText::ignoringCase).toList());
    }
    return part instanceof Node.Repetition repetition
        ? new Node.Repetition(ignoringCase(repetition.part()), repetition.min(), repetition.max())
        : part;
  }

  private static IntPredicate ignoringCase(IntPredicate set) {
    return c ->
        set.test(c) || set.test(Character.toLowerCase(c)) || set.test(Character.toUpperCase(c));
  }
}
