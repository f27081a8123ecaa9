package io.github.openaikserve.internal.regex;

/**
 * A Lark grammar against which texts are checked. Immutable.
 *
 * <p>A text matches if it can be divided into terminals in any way that the grammar allows. Lark's
 * own lexer tries only one division. Therefore every text that Lark accepts matches, but some texts
 * that Lark rejects match too.
 *
 * <p>Source: the Lark documentation, <i>Grammar Reference</i>; OpenAI's guide to function calling,
 * <i>Context-free grammars</i>.
 */
public final class LarkGrammar {
  private static final int MAX_LENGTH = 50_000;
  private static final int MAX_PARTS = 50_000;

  /** Thrown for a grammar that is not malformed, but uses a feature that is not supported here. */
  public static final class UnsupportedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedException(String what) {
      super(what);
    }
  }

  private final Productions productions;

  private LarkGrammar(Productions productions) {
    this.productions = productions;
  }

  /**
   * Compiles a grammar.
   *
   * @throws IllegalArgumentException if the grammar is malformed or refers to an undefined rule
   * @throws UnsupportedException if the grammar uses a template, an import from a library other
   *     than {@code common}, or a lookaround, or is too large
   */
  public static LarkGrammar compile(String grammar) {
    if (grammar.length() > MAX_LENGTH) {
      throw new UnsupportedException("the grammar is too long");
    }
    LarkReader read = new LarkReader(grammar, "");
    read.read();
    try {
      return new LarkGrammar(
          new Productions(read.definitions(), read.ignored(), new Steps(MAX_PARTS)));
    } catch (Steps.ExhaustedException e) {
      throw new UnsupportedException("the grammar is too large");
    }
  }

  /**
   * Returns whether the whole text matches.
   *
   * @throws Steps.ExhaustedException if the check needs more steps than remain
   */
  public boolean matches(String text, Steps steps) {
    return new Recognizer(productions, steps).matches(text.codePoints().toArray());
  }
}
