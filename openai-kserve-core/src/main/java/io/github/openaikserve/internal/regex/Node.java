package io.github.openaikserve.internal.regex;

import java.util.List;
import java.util.function.IntPredicate;

/** A part of a regular expression, or of a rule of a grammar. */
sealed interface Node {
  /** One character of a set. */
  record OneOf(IntPredicate set) implements Node {}

  /** Parts one after the other. */
  record Sequence(List<Node> parts) implements Node {}

  /** One of several parts. */
  record Choice(List<Node> branches) implements Node {}

  /**
   * A part several times.
   *
   * @param max -1 for any number
   */
  record Repetition(Node part, int min, int max) implements Node {}

  /** A place that is checked, without a character. */
  record Place(Anchor anchor) implements Node {}

  /** A part that must, or must not, follow. */
  record Lookahead(Node part, boolean negative) implements Node {}

  /** What a rule of a grammar matches. No regular expression has one. */
  record Rule(String name) implements Node {}

  /** Kinds of places. */
  enum Anchor {
    BEGIN,
    END,
    WORD_BOUNDARY,
    NO_WORD_BOUNDARY
  }
}
