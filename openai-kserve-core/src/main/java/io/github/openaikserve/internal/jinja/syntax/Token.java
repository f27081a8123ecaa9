package io.github.openaikserve.internal.jinja.syntax;

/**
 * A token of a template. Immutable.
 *
 * @param text the value of data, strings and names; for other tokens the source text
 */
record Token(Kind kind, String text, int line) {
  /** The kinds of tokens. */
  enum Kind {
    DATA("text"),
    EXPRESSION("{{"),
    EXPRESSION_END("}}"),
    BLOCK("{%"),
    BLOCK_END("%}"),
    NAME("a name"),
    WHOLE("a number"),
    FLOAT("a number"),
    STRING("a string"),
    OPERATOR("an operator"),
    END("the end of the template");

    private final String shown;

    Kind(String shown) {
      this.shown = shown;
    }
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  /** Returns the token as shown in messages. */
  String shown() {
    return kind == Kind.NAME || kind == Kind.OPERATOR ? "'" + text + "'" : kind.shown;
  }
}
