package io.github.openaikserve.internal.regex;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A parser of ECMA-262 regular expressions without back-references and lookbehind. Used once.
 *
 * <p><b>Source:</b> ECMA-262, Patterns; JSON Schema 2020-12 core, 6.4.
 */
final class PatternParser {
  private static final int MAX_DEPTH = 50;
  private static final int MAX_REPETITIONS = 1000;

  private final PatternReader in;
  private final IntPredicate dot;
  private int depth;

  PatternParser(String pattern) {
    this(new PatternReader(pattern), CharacterSets::isNoLineEnd);
  }

  /**
   * Creates a parser.
   *
   * @param dot the characters that a dot matches
   */
  PatternParser(PatternReader in, IntPredicate dot) {
    this.in = in;
    this.dot = dot;
  }

  /**
   * Parses the pattern.
   *
   * @throws IllegalArgumentException if the pattern is malformed or not supported
   */
  Node parse() {
    Node whole = choice();
    if (!in.atEnd()) {
      throw in.wrong("unmatched )");
    }
    return whole;
  }

  private Node choice() {
    if (++depth > MAX_DEPTH) {
      throw in.wrong("groups are nested too deeply");
    }
    List<Node> branches = new ArrayList<>();
    do {
      branches.add(sequence());
    } while (in.take('|'));
    depth--;
    return branches.size() == 1 ? branches.get(0) : new Node.Choice(List.copyOf(branches));
  }

  private Node sequence() {
    List<Node> parts = new ArrayList<>();
    while (!in.atEnd() && in.peek() != '|' && in.peek() != ')') {
      parts.add(repeated(part()));
    }
    return new Node.Sequence(List.copyOf(parts));
  }

  private Node part() {
    int c = in.next();
    return switch (c) {
      case '^' -> new Node.Place(Node.Anchor.BEGIN);
      case '$' -> new Node.Place(Node.Anchor.END);
      case '.' -> new Node.OneOf(dot);
      case '(' -> group();
      case '[' -> new Node.OneOf(CharacterSets.inBrackets(in));
      case '\\' -> escape();
      case '*', '+', '?' -> throw in.wrong("nothing to repeat");
      default -> new Node.OneOf(other -> other == c);
    };
  }

  private Node escape() {
    if (in.take('b')) {
      return new Node.Place(Node.Anchor.WORD_BOUNDARY);
    }
    if (in.take('B')) {
      return new Node.Place(Node.Anchor.NO_WORD_BOUNDARY);
    }
    if (!in.atEnd() && (in.peek() == 'k' || (in.peek() >= '1' && in.peek() <= '9'))) {
      throw in.wrong("back-references are not supported");
    }
    return new Node.OneOf(CharacterSets.escaped(in));
  }

  private Node group() {
    boolean ahead = false;
    boolean negative = false;
    if (in.take('?')) {
      if (in.take('=')) {
        ahead = true;
      } else if (in.take('!')) {
        ahead = true;
        negative = true;
      } else if (in.take('<')) {
        groupName();
      } else if (!in.take(':')) {
        throw in.wrong("this kind of group is not supported");
      }
    }
    Node part = choice();
    if (!in.take(')')) {
      throw in.wrong("missing )");
    }
    return ahead ? new Node.Lookahead(part, negative) : part;
  }

  private void groupName() {
    if (!in.atEnd() && (in.peek() == '=' || in.peek() == '!')) {
      throw in.wrong("lookbehind is not supported");
    }
    while (!in.take('>')) {
      in.next();
    }
  }

  private Node repeated(Node part) {
    Node repeated = part;
    while (true) {
      Node more = oneRepetition(repeated);
      if (more == null) {
        return repeated;
      }
      in.take('?'); // a lazy repetition matches the same texts
      repeated = more;
    }
  }

  private @Nullable Node oneRepetition(Node part) {
    if (in.take('*')) {
      return new Node.Repetition(part, 0, -1);
    }
    if (in.take('+')) {
      return new Node.Repetition(part, 1, -1);
    }
    if (in.take('?')) {
      return new Node.Repetition(part, 0, 1);
    }
    int[] bounds = in.takeBounds(MAX_REPETITIONS);
    return bounds == null ? null : new Node.Repetition(part, bounds[0], bounds[1]);
  }
}
