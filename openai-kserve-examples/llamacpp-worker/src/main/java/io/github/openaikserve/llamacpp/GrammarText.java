package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.databind.node.TextNode;

/**
 * Writes texts and characters in the notation of llama.cpp's grammars (GBNF).
 *
 * <p><b>Source:</b> llama.cpp, grammars/README.md.
 */
final class GrammarText {
  private GrammarText() {}

  /** Returns a literal that matches exactly the text, without NUL, which no token has. */
  static String literal(String text) {
    var literal = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                literal.append('\\').append((char) c);
              } else if (isControl(c)) {
                literal.append(c == 0 ? "" : hex(c));
              } else {
                literal.appendCodePoint(c);
              }
            });
    return literal.append('"').toString();
  }

  /** Returns a literal that matches one character of a JSON string, which may need an escape. */
  static String inString(int character) {
    String json = new TextNode(Character.toString(character)).toString();
    return literal(json.substring(1, json.length() - 1));
  }

  /** Returns a character as it is written in a character class. */
  static String inClass(int character) {
    boolean plain = character < 0x7F && Character.isLetterOrDigit(character);
    return plain ? Character.toString(character) : hex(character);
  }

  /** Returns whether a JSON string can contain the character without an escape. */
  static boolean isPlain(int character) {
    boolean surrogate =
        character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    return character != '"' && character != '\\' && !isControl(character) && !surrogate;
  }

  private static boolean isControl(int character) {
    return character < ' ' || character == 0x7F;
  }

  private static String hex(int character) {
    return character <= 0xFF
        ? "\\x%02X".formatted(character)
        : character <= 0xFFFF ? "\\u%04X".formatted(character) : "\\U%08X".formatted(character);
  }
}
