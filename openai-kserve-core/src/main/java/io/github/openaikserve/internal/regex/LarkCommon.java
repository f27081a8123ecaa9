package io.github.openaikserve.internal.regex;

import java.util.Map;

/**
 * The terminals of Lark's library {@code common}.
 *
 * <p>Source: {@code lark-parser/lark}: {@code lark/grammars/common.lark}.
 */
final class LarkCommon {
  static final String PREFIX = "common.";

  private static final String GRAMMAR =
      """
      DIGIT: "0".."9"
      HEXDIGIT: "a".."f" | "A".."F" | DIGIT
      INT: DIGIT+
      SIGNED_INT: ["+" | "-"] INT
      DECIMAL: INT "." INT? | "." INT
      _EXP: ("e" | "E") SIGNED_INT
      FLOAT: INT _EXP | DECIMAL _EXP?
      SIGNED_FLOAT: ["+" | "-"] FLOAT
      NUMBER: FLOAT | INT
      SIGNED_NUMBER: ["+" | "-"] NUMBER
      ESCAPED_STRING: /"([^"\\\\\\n]|\\\\[^\\n])*"/
      LCASE_LETTER: "a".."z"
      UCASE_LETTER: "A".."Z"
      LETTER: UCASE_LETTER | LCASE_LETTER
      WORD: LETTER+
      CNAME: ("_" | LETTER) ("_" | LETTER | DIGIT)*
      WS_INLINE: (" " | /\\t/)+
      WS: /[ \\t\\f\\r\\n]/+
      CR: /\\r/
      LF: /\\n/
      NEWLINE: (CR? LF)+
      SH_COMMENT: /#[^\\n]*/
      CPP_COMMENT: /\\/\\/[^\\n]*/
      SQL_COMMENT: /--[^\\n]*/
      C_COMMENT: "/*" /(.|\\n)*?/ "*/"
      """;

  private static final Map<String, Node> DEFINITIONS = read();

  private LarkCommon() {}

  private static Map<String, Node> read() {
    var reader = new LarkReader(GRAMMAR, PREFIX);
    reader.read();
    return Map.copyOf(reader.definitions());
  }

  /** Adds the terminals, with the prefix before each name. */
  static void addTo(Map<String, Node> definitions) {
    definitions.putAll(DEFINITIONS);
  }
}
