package io.github.openaikserve.llamacpp;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rules of one grammar, of limited size. Not thread-safe.
 *
 * <p>llama.cpp needs time and stack for each element of a grammar, and a client chooses the schema.
 *
 * <p><b>Source:</b> llama.cpp, common/json-schema-to-grammar.cpp, {@code PRIMITIVE_RULES}.
 */
final class GrammarRules {
  /** Separates the elements of every value; a limit, since models can repeat white space. */
  private static final String PRIMITIVES =
      """
      space ::= | " " | "\\n"{1,2} [ \\t]{0,20}
      value ::= object | array | string | number | boolean | null
      object ::= "{" space ( property ( "," space property )* )? "}" space
      property ::= string ":" space value
      array ::= "[" space ( value ( "," space value )* )? "]" space
      char ::= [^"\\\\\\x7F\\x00-\\x1F] | [\\\\] (["\\\\bfnrt] | "u" [0-9a-fA-F]{4})
      string ::= "\\"" char* "\\"" space
      integral ::= [0] | [1-9] [0-9]{0,15}
      integer ::= "-"? integral space
      number ::= "-"? integral ( "." [0-9]{1,16} )? ( [eE] [-+]? integral )? space
      boolean ::= ( "true" | "false" ) space
      null ::= "null" space
      date ::= [0-9]{4} "-" ( "0" [1-9] | "1" [0-2] ) "-" ( "0" [1-9] | [1-2] [0-9] | "3" [0-1] )
      offset ::= "Z" | ( "+" | "-" ) ( [01] [0-9] | "2" [0-3] ) ":" [0-5] [0-9]
      time ::= ( [01] [0-9] | "2" [0-3] ) ":" [0-5] [0-9] ":" [0-5] [0-9] ( "." [0-9]{3} )? offset
      hex ::= [0-9a-fA-F]{4}
      uuid ::= hex hex "-" hex "-" hex "-" hex "-" hex hex hex
      """;

  private static final int MAX_SIZE = 20_000;

  private final Map<String, String> rules = new LinkedHashMap<>();
  private int left = MAX_SIZE;

  /**
   * Counts elements of the grammar before the caller adds them.
   *
   * @return false if the grammar would become too large; the caller must not add them
   */
  boolean reserve(long elements) {
    if (elements > left) {
      return false;
    }
    left -= (int) elements;
    return true;
  }

  /** Returns the name of a new rule, which {@link #define} must define. */
  String name() {
    String name = "r" + rules.size();
    rules.put(name, "");
    return name;
  }

  void define(String name, String expression) {
    rules.put(name, expression);
  }

  /** Adds a rule and returns its name. */
  String add(String expression) {
    String name = name();
    define(name, expression);
    return name;
  }

  /** Returns the grammar that begins with the expression. */
  String grammar(String root) {
    var text = new StringBuilder("root ::= ").append(root).append('\n');
    rules.forEach((name, rule) -> text.append(name).append(" ::= ").append(rule).append('\n'));
    return text.append(PRIMITIVES).toString();
  }
}
