package io.github.openaikserve.internal.regex;

import java.util.List;
import java.util.function.IntPredicate;

/** A node of the syntax tree of a regular expression. */
sealed interface Node {
  /** One character of a set. */
  record OneOf(IntPredicate set) implements Node {}

  /** Several parts in sequence. */
  record Sequence(List<Node> parts) implements Node {}

  /** One of several alternatives. */
  record Choice(List<Node> branches) implements Node {}

  /**
   * A repeated part.
   *
   * @param max -1 for any number
   */
  record Repetition(Node part, int min, int max) implements Node {}

  /** An assertion about the current position. Consumes no character. */
  record Place(Anchor anchor) implements Node {}

  /** A part that must follow, or must not follow if negative. */
  record Lookahead(Node part, boolean negative) implements Node {}

  /** A reference to a grammar's rule. Regular expressions have none. */
  record Rule(String name) implements Node {}

  /** Kinds of places. */
  enum Anchor {
    BEGIN,
    END,
    WORD_BOUNDARY,
    NO_WORD_BOUNDARY
  }
}
