package io.github.openaikserve.internal.regex;

import io.github.openaikserve.internal.regex.LarkTokens.Kind;
import io.github.openaikserve.internal.regex.LarkTokens.Token;
import java.util.ArrayList;
import java.util.List;

/** A parser of the right sides of the rules and terminals of a Lark grammar. */
final class LarkExpressionParser {
  private static final int MAX_DEPTH = 50;
  private static final int MAX_REPETITIONS = 1000;

  private final LarkCursor cursor;
  private final String prefix;
  private int depth;
  private boolean inTerminal;

  /**
   * Creates a parser.
   *
   * @param prefix the prefix of all names that the grammar defines
   */
  LarkExpressionParser(LarkCursor cursor, String prefix) {
    this.cursor = cursor;
    this.prefix = prefix;
  }

  /** Returns whether a name is that of a terminal. */
  static boolean isTerminal(String name) {
    return name.chars().filter(c -> c != '_').limit(1).anyMatch(Character::isUpperCase);
  }

  /**
   * Parses the branches up to the end of a statement.
   *
   * @param terminal whether they define a terminal, inside of which nothing is ignored
   */
  Node parse(boolean terminal) {
    inTerminal = terminal;
    return expansions();
  }

  private Node expansions() {
    if (++depth > MAX_DEPTH) {
      throw new LarkGrammar.UnsupportedException("deeply nested groups");
    }
    List<Node> branches = new ArrayList<>();
    do {
      branches.add(expansion());
      skipLines();
    } while (cursor.take('|'));
    depth--;
    return branches.size() == 1 ? branches.get(0) : new Node.Choice(List.copyOf(branches));
  }

  /** Skips line ends inside a group, and line ends that precede another branch. */
  private void skipLines() {
    if (depth > 1) {
      cursor.skipLines();
    } else {
      cursor.skipLinesBefore('|');
    }
  }

  private Node expansion() {
    List<Node> parts = new ArrayList<>();
    while (true) {
      if (depth > 1) {
        skipLines();
      }
      Token token = cursor.peek();
      if (token.kind() == Kind.ARROW) {
        cursor.next();
        cursor.name(); // the name of a branch in the tree
      } else if (begins(token)) {
        parts.add(repeated(atom()));
      } else {
        return new Node.Sequence(List.copyOf(parts));
      }
    }
  }

  private static boolean begins(Token token) {
    return switch (token.kind()) {
      case NAME, STRING, REGEX, DIRECTIVE -> true;
      case MARK -> token.is('(') || token.is('[') || token.is('<') || token.is('{');
      default -> false;
    };
  }

  private Node atom() {
    Token token = cursor.next();
    return switch (token.kind()) {
      case NAME -> reference(token.text());
      case STRING -> terminal(stringOrRange(token));
      case REGEX -> terminal(regex(token));
      case MARK -> group(token);
      default -> throw new LarkGrammar.UnsupportedException("'%" + token.text() + "' in a rule");
    };
  }

  private Node group(Token open) {
    if (open.is('(') || open.is('[')) {
      Node inner = expansions();
      cursor.expect(open.is('(') ? ')' : ']');
      return open.is('(') ? inner : new Node.Repetition(inner, 0, 1);
    }
    throw new LarkGrammar.UnsupportedException("'" + open.text() + "' in a rule");
  }

  private Node reference(String name) {
    if (cursor.peek().is('{')) {
      throw new LarkGrammar.UnsupportedException("a template");
    }
    Node rule = new Node.Rule(prefix + name);
    return isTerminal(name) ? terminal(rule) : rule;
  }

  private Node terminal(Node part) {
    return inTerminal ? part : new Node.Sequence(List.of(new Node.Rule(LarkReader.IGNORED), part));
  }

  private Node stringOrRange(Token first) {
    if (!cursor.take(Kind.RANGE)) {
      return LarkText.string(first.text(), !first.flags().isEmpty());
    }
    Token last = cursor.next();
    if (last.kind() != Kind.STRING) {
      throw cursor.wrong("expected a string after '..'");
    }
    int from = LarkText.character(first.text());
    int to = LarkText.character(last.text());
    return new Node.OneOf(c -> c >= from && c <= to);
  }

  private Node regex(Token token) {
    if (token.flags().indexOf('x') >= 0) {
      throw new LarkGrammar.UnsupportedException("the flag x of a regular expression");
    }
    return LarkText.regex(token.text(), token.flags());
  }

  private Node repeated(Node atom) {
    Node repeated = atom;
    while (true) {
      if (cursor.take('*')) {
        repeated = new Node.Repetition(repeated, 0, -1);
      } else if (cursor.take('+')) {
        repeated = new Node.Repetition(repeated, 1, -1);
      } else if (cursor.take('?')) {
        repeated = new Node.Repetition(repeated, 0, 1);
      } else if (cursor.take('~')) {
        int min = number();
        int max = cursor.take(Kind.RANGE) ? number() : min;
        if (max < min) {
          throw cursor.wrong("the numbers of a repetition are out of order");
        }
        repeated = new Node.Repetition(repeated, min, max);
      } else {
        return repeated;
      }
    }
  }

  private int number() {
    Token token = cursor.next();
    if (token.kind() != Kind.NUMBER || token.text().length() > 9) {
      throw cursor.wrong("expected a number");
    }
    int number = Integer.parseInt(token.text());
    if (number < 0 || number > MAX_REPETITIONS) {
      throw new LarkGrammar.UnsupportedException("more than %d times".formatted(MAX_REPETITIONS));
    }
    return number;
  }
}
