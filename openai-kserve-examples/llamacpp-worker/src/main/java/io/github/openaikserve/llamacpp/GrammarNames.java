package io.github.openaikserve.llamacpp;

/** Renames the rules of a grammar, so that several grammars can be combined. */
final class GrammarNames {
  private GrammarNames() {}

  /** Returns the grammar with a prefix in front of each rule name, in definitions and uses. */
  static String prefixed(String grammar, String prefix) {
    var changed = new StringBuilder(grammar.length() * 2);
    int at = 0;
    while (at < grammar.length()) {
      char c = grammar.charAt(at);
      int end = at + 1;
      if (c == '"' || c == '[') {
        end = endOfQuote(grammar, at, c == '"' ? '"' : ']');
      } else if (c == '{') {
        end = grammar.indexOf('}', at) + 1; // a repetition: {2,5}
      } else if (isName(c)) {
        while (end < grammar.length() && isName(grammar.charAt(end))) {
          end++;
        }
        changed.append(prefix);
      }
      changed.append(grammar, at, end);
      at = end;
    }
    return changed.toString();
  }

  private static int endOfQuote(String grammar, int begin, char quote) {
    int at = begin + 1;
    while (at < grammar.length() && grammar.charAt(at) != quote) {
      at += grammar.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(grammar.length(), at + 1);
  }

  private static boolean isName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
