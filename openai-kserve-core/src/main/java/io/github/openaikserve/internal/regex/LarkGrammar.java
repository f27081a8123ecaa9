package io.github.openaikserve.internal.regex;

/**
 * A Lark grammar that texts are checked against. Immutable.
 *
 * <p>A text matches if some division into terminals does. Lark's own lexer divides it in one way
 * only, so a text that Lark refuses may match; one that Lark accepts always does.
 *
 * <p><b>Source:</b> the Lark documentation, <i>Grammar Reference</i>; OpenAI's guide to function
 * calling, <i>Context-free grammars</i>.
 */
public final class LarkGrammar {
  private static final int MAX_LENGTH = 50_000;
  private static final int MAX_PARTS = 50_000;

  /** A grammar is not malformed, but has something that is not checked here. */
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
   * @throws IllegalArgumentException if it is malformed, or refers to a rule that it does not have
   * @throws UnsupportedException if it has a template, an import other than of {@code common}, a
   *     lookaround, or is too large
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
   * Returns whether a text matches as a whole.
   *
   * @throws Steps.ExhaustedException if that takes more steps than there are
   */
  public boolean matches(String text, Steps steps) {
    return new Recognizer(productions, steps).matches(text.codePoints().toArray());
  }
}
