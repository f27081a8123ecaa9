package io.github.openaikserve.internal.regex;

import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Character sets of a regular expression. */
final class CharacterSets {
  private static final Pattern PROPERTY = Pattern.compile("[A-Za-z_]{1,40}(?:=[A-Za-z_]{1,40})?");

  private CharacterSets() {}

  static boolean isNoLineEnd(int c) {
    return c != '\n' && c != '\r' && c != '\u2028' && c != '\u2029';
  }

  static boolean isWord(int c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isUnicodeWord(int c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isSpace(int c) {
    return (c >= '\t' && c <= '\r')
        || c == '\u2028'
        || c == '\u2029'
        || c == '\uFEFF'
        || Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  /** Returns the character set of the escape after a backslash. */
  static IntPredicate escaped(PatternReader in) {
    int c = in.next();
    IntPredicate digit = in.isUnicode() ? Character::isDigit : CharacterSets::isDigit;
    IntPredicate word = in.isUnicode() ? CharacterSets::isUnicodeWord : CharacterSets::isWord;
    return switch (c) {
      case 'd' -> digit;
      case 'D' -> digit.negate();
      case 'w' -> word;
      case 'W' -> word.negate();
      case 's' -> CharacterSets::isSpace;
      case 'S' -> other -> !isSpace(other);
      case 'p' -> property(in);
      case 'P' -> property(in).negate();
      default -> only(character(c, in));
    };
  }

  private static IntPredicate only(int c) {
    return other -> other == c;
  }

  /** Returns the character that an escape denotes. */
  private static int character(int c, PatternReader in) {
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'f' -> '\f';
      case 'v' -> 0x0B;
      case '0' -> 0;
      case 'x' -> hex(in, 2);
      case 'u' -> unicode(in);
      case 'c' -> in.next() % 32;
      default -> literal(c, in);
    };
  }

  private static int literal(int c, PatternReader in) {
    if (isWord(c) && c != '_') {
      throw in.wrong("this escape is not supported");
    }
    return c;
  }

  private static int hex(PatternReader in, int digits) {
    int value = in.takeHex(digits);
    if (value < 0) {
      throw in.wrong("expected " + digits + " hexadecimal digits");
    }
    return value;
  }

  private static int unicode(PatternReader in) {
    if (in.take('{')) {
      try {
        int value = Integer.parseInt(in.takeUntil('}'), 16);
        if (Character.isValidCodePoint(value)) {
          return value;
        }
      } catch (NumberFormatException e) { // falls through
      }
      throw in.wrong("expected a code point");
    }
    return hex(in, 4);
  }

  private static IntPredicate property(PatternReader in) {
    if (!in.take('{')) {
      throw in.wrong("expected a property in braces");
    }
    String name = in.takeUntil('}');
    if (!PROPERTY.matcher(name).matches()) {
      throw in.wrong("unknown property");
    }
    try {
      Pattern one = Pattern.compile("\\p{" + name + "}");
      return c -> one.matcher(Character.toString(c)).matches();
    } catch (PatternSyntaxException e) {
      throw in.wrong("unknown property");
    }
  }

  /** Returns the character set in brackets. The opening bracket was already read. */
  static IntPredicate inBrackets(PatternReader in) {
    boolean negative = in.take('^');
    IntPredicate set = c -> false;
    while (!in.take(']')) {
      set = set.or(rangeOrSet(in));
    }
    return negative ? set.negate() : set;
  }

  private static IntPredicate rangeOrSet(PatternReader in) {
    int c = in.next();
    int first = c;
    if (c == '\\') {
      int escape = in.atEnd() ? 0 : in.peek();
      if ("dDwWsSpP".indexOf(escape) >= 0) {
        return escaped(in);
      }
      first = bracketCharacter(in);
    }
    if (in.atEnd() || in.peek() != '-') {
      return only(first);
    }
    in.next();
    if (!in.atEnd() && in.peek() == ']') {
      return only(first).or(only('-'));
    }
    int next = in.next();
    if (next == '\\' && !in.atEnd() && "dDwWsSpP".indexOf(in.peek()) >= 0) {
      return only(first).or(only('-')).or(escaped(in));
    }
    return range(first, next == '\\' ? bracketCharacter(in) : next, in);
  }

  private static int bracketCharacter(PatternReader in) {
    int c = in.next();
    return c == 'b' ? '\b' : character(c, in);
  }

  private static IntPredicate range(int from, int to, PatternReader in) {
    if (to < from) {
      throw in.wrong("the bounds of a range are out of order");
    }
    return c -> c >= from && c <= to;
  }
}
