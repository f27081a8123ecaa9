package io.github.openaikserve.llamacpp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Creates an expression for the {@code pattern} of a JSON schema. Not thread-safe.
 *
 * <p>A pattern may match a part of a text, so that text without an anchor continues with any
 * characters. Assertions, references and expressions that match the empty text in several ways are
 * not supported: llama.cpp would need exponential time for the latter.
 */
final class PatternGrammar {
  private static final int MAX_LENGTH = 1000;
  private static final int MAX_COUNT = 1000;
  private static final int MAX_SIZE = 2000;
  private static final int MAX_DEPTH = 20;

  /** A part of the expression; its size counts the elements of a repeated part repeatedly. */
  private record Part(String text, boolean nullable, long size) {}

  private static final class UnsupportedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnsupportedException() {
      super("unsupported pattern", null, false, false);
    }
  }

  private final String pattern;
  private int at;

  private PatternGrammar(String pattern) {
    this.pattern = pattern;
  }

  /** Returns an expression for the content of a JSON string; null if it is not supported. */
  static @Nullable String of(String pattern) {
    if (pattern.length() > MAX_LENGTH) {
      return null;
    }
    try {
      return new PatternGrammar(pattern).whole().text;
    } catch (UnsupportedException e) {
      return null;
    }
  }

  private Part whole() {
    List<Part> parts = new ArrayList<>();
    do {
      String before = take('^') ? "" : "char* ";
      Part part = sequence(0);
      String after = take('$') ? "" : " char*";
      check(atEnd() || peek() == '|');
      parts.add(new Part(before + part.text + after, part.nullable, part.size + 2));
    } while (take('|'));
    return union(parts);
  }

  private Part alternatives(int depth) {
    check(depth <= MAX_DEPTH);
    List<Part> parts = new ArrayList<>();
    do {
      parts.add(sequence(depth));
    } while (take('|'));
    return union(parts);
  }

  private static Part union(List<Part> parts) {
    long size = parts.stream().mapToLong(Part::size).sum();
    long nullable = parts.stream().filter(Part::nullable).count();
    check(nullable <= 1 && size <= MAX_SIZE);
    List<String> texts = parts.stream().map(Part::text).toList();
    return new Part("( " + String.join(" | ", texts) + " )", nullable > 0, size);
  }

  private Part sequence(int depth) {
    List<String> texts = new ArrayList<>();
    boolean nullable = true;
    long size = 1;
    while (!atEnd() && ")|$".indexOf(peek()) < 0) {
      Part term = quantified(atom(depth));
      texts.add(term.text);
      nullable &= term.nullable;
      size += term.size;
      check(size <= MAX_SIZE);
    }
    return new Part(texts.isEmpty() ? "\"\"" : String.join(" ", texts), nullable, size);
  }

  private Part quantified(Part atom) {
    int least = 1;
    int most = 1;
    if (take('*')) {
      least = 0;
      most = Integer.MAX_VALUE;
    } else if (take('+')) {
      most = Integer.MAX_VALUE;
    } else if (take('?')) {
      least = 0;
    } else if (take('{')) {
      least = number();
      most = !take(',') ? least : peek() == '}' ? Integer.MAX_VALUE : number();
      check(take('}') && least <= most);
    } else {
      return atom;
    }
    take('?'); // lazy: the same texts
    return repeated(atom, least, most);
  }

  private static Part repeated(Part atom, int least, int most) {
    if (most == 0) {
      return new Part("\"\"", true, 1);
    }
    if (most == 1) {
      return least == 1 || atom.nullable ? atom : new Part(atom.text + "?", true, atom.size);
    }
    check(!atom.nullable);
    boolean endless = most == Integer.MAX_VALUE;
    String count = "{" + least + "," + (endless ? "" : most) + "}";
    long size = atom.size * Math.max(1, endless ? least + 1L : most);
    check(size <= MAX_SIZE);
    return new Part(atom.text + count, least == 0, size);
  }

  private Part atom(int depth) {
    char c = peek();
    check("^*+?{".indexOf(c) < 0);
    if (take('(')) {
      if (take('?')) {
        check(take(':') || isName());
      }
      Part group = alternatives(depth + 1);
      check(take(')'));
      return group;
    }
    if (take('[')) {
      return part(characterClass());
    }
    if (take('.')) {
      return part(CharacterClass.dot());
    }
    if (take('\\')) {
      return "dDwWsS".indexOf(peek()) >= 0 ? part(CharacterClass.of(next())) : part(escaped(false));
    }
    return part(character());
  }

  /** Takes the name of a group, but not a look-behind. */
  private boolean isName() {
    if (!take('<') || "=!".indexOf(peek()) >= 0) {
      return false;
    }
    while (peek() != '>') {
      at++;
    }
    return take('>');
  }

  private CharacterClass characterClass() {
    boolean negated = take('^');
    var all = new CharacterClass();
    String classes = "";
    while (!take(']')) {
      int from;
      if (take('\\')) {
        if ("dDwWsS".indexOf(peek()) >= 0) {
          char letter = next();
          classes += letter;
          if (Character.isLowerCase(letter)) {
            all.addAll(CharacterClass.of(letter));
          }
          continue;
        }
        from = escaped(true);
      } else {
        from = character();
      }
      int to = from;
      if (peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']') {
        at++;
        check(peek() != '\\' || at + 1 < pattern.length());
        to = take('\\') ? escaped(true) : character();
        check(from <= to);
      }
      all.add(from, to);
    }
    return complete(all, classes, negated);
  }

  private static CharacterClass complete(CharacterClass all, String classes, boolean negated) {
    for (char upper : new char[] {'D', 'W', 'S'}) {
      if (classes.indexOf(upper) >= 0) {
        check(!negated);
        boolean alone = classes.length() == 1 && all.isEmpty();
        check(alone || classes.indexOf(Character.toLowerCase(upper)) >= 0);
        return alone ? CharacterClass.of(upper) : new CharacterClass().negate();
      }
    }
    return negated ? all.negate() : all;
  }

  /** Reads what follows a backslash and is not a class. */
  private int escaped(boolean inClass) {
    char c = next();
    return switch (c) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'b' -> {
        check(inClass);
        yield '\b';
      }
      default -> {
        check(c < 0x7F && !Character.isLetterOrDigit(c));
        yield c;
      }
    };
  }

  private int hex(int digits) {
    check(at + digits <= pattern.length());
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(next(), 16);
      check(digit >= 0);
      value = value * 16 + digit;
    }
    return value;
  }

  private int number() {
    int value = 0;
    int begin = at;
    while (peek() >= '0' && peek() <= '9') {
      value = value * 10 + next() - '0';
      check(value <= MAX_COUNT);
    }
    check(at > begin);
    return value;
  }

  private static Part part(int character) {
    check(character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE);
    return new Part(GrammarText.inString(character), false, 1);
  }

  private static Part part(CharacterClass characters) {
    String expression = characters.expression();
    check(!expression.isEmpty());
    return new Part(expression, false, 1);
  }

  private int character() {
    check(!atEnd());
    int character = pattern.codePointAt(at);
    at += Character.charCount(character);
    return character;
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }

  private char peek() {
    check(!atEnd());
    return pattern.charAt(at);
  }

  private boolean take(char c) {
    boolean found = !atEnd() && pattern.charAt(at) == c;
    at += found ? 1 : 0;
    return found;
  }

  private boolean atEnd() {
    return at >= pattern.length();
  }

  private static void check(boolean supported) {
    if (!supported) {
      throw new UnsupportedException();
    }
  }
}
