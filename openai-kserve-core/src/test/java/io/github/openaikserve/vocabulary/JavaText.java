package io.github.openaikserve.vocabulary;

/**
 * The two halves of a Java source: its words, which are comments and string literals, and its code,
 * which is all the rest. Both have the length and the line breaks of the source, so that an index
 * into one is an index into the source. In place of the other half stand zeros, which separate two
 * literals unless they are joined by a plus sign.
 */
final class JavaText {
  private final String source;
  private final StringBuilder words;
  private final StringBuilder code;
  private int index;

  JavaText(String source) {
    this.source = source;
    this.words = new StringBuilder(source.length());
    this.code = new StringBuilder(source.length());
    while (index < source.length()) {
      next();
    }
  }

  String words() {
    return words.toString();
  }

  String code() {
    return code.toString();
  }

  private void next() {
    if (at("/*")) {
      word(endOf("*/", 2));
    } else if (at("//")) {
      word(endOf("\n", 2));
    } else if (at("\"\"\"")) {
      word(endOfLiteral("\"\"\""));
    } else if (at("\"")) {
      word(endOfLiteral("\""));
    } else if (at("'")) {
      word(endOfLiteral("'"));
    } else {
      copy(index + 1, code, words);
    }
  }

  private boolean at(String text) {
    return source.startsWith(text, index);
  }

  private int endOf(String text, int offset) {
    int end = source.indexOf(text, index + offset);
    return end < 0 ? source.length() : end + text.length();
  }

  private int endOfLiteral(String quote) {
    int end = index + quote.length();
    while (end < source.length() && !source.startsWith(quote, end)) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    return Math.min(end + quote.length(), source.length());
  }

  private void word(int end) {
    copy(end, words, code);
  }

  private void copy(int end, StringBuilder to, StringBuilder blank) {
    for (; index < end; index++) {
      char c = source.charAt(index);
      to.append(c);
      blank.append(Character.isWhitespace(c) || c == '+' ? c : '\0');
    }
  }
}
