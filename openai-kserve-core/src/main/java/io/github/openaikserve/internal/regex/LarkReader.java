package io.github.openaikserve.internal.regex;

import io.github.openaikserve.internal.regex.LarkTokens.Kind;
import io.github.openaikserve.internal.regex.LarkTokens.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A reader of the rules and terminals of a Lark grammar. Used once. */
final class LarkReader {
  /** The rule for text that may precede a terminal: any number of ignored terminals. */
  static final String IGNORED = "%ignore";

  private static final int MAX_DEPTH = 50;
  private static final int MAX_REPETITIONS = 1000;

  private final List<Token> tokens;
  private final String prefix;
  private final Map<String, Node> definitions = new HashMap<>();
  private final List<Node> ignored = new ArrayList<>();
  private int at;
  private int depth;
  private boolean inTerminal;

  /**
   * Creates a reader.
   *
   * @param prefix the prefix of all names that the grammar defines
   */
  LarkReader(String grammar, String prefix) {
    this.tokens = LarkTokens.of(grammar);
    this.prefix = prefix;
  }

  /** Returns the definitions of the rules and terminals, by name. */
  Map<String, Node> definitions() {
    return definitions;
  }

  /** Returns the ignored terminals, which may appear between others. */
  List<Node> ignored() {
    return ignored;
  }

  /** Reads all statements. */
  void read() {
    while (peek().kind() != Kind.END) {
      if (peek().kind() == Kind.DIRECTIVE) {
        directive(next().text());
      } else if (!take(Kind.LINE)) {
        definition();
      }
    }
  }

  private void directive(String name) {
    switch (name) {
      case "ignore" -> {
        inTerminal = true;
        ignored.add(expansions());
      }
      case "import" -> imported();
      default -> throw new LarkGrammar.UnsupportedException("%" + name);
    }
    endOfStatement();
  }

  private void imported() {
    Token module = next();
    if (module.kind() != Kind.NAME || !module.text().equals("common")) {
      throw new LarkGrammar.UnsupportedException("an import other than of 'common'");
    }
    LarkCommon.addTo(definitions);
    if (take('.')) {
      String name = name();
      importAs(name, take(Kind.ARROW) ? name() : name);
      return;
    }
    expect('(');
    do {
      String name = name();
      importAs(name, name);
    } while (take(','));
    expect(')');
  }

  private void importAs(String name, String alias) {
    String common = LarkCommon.PREFIX + name;
    if (!definitions.containsKey(common)) {
      throw wrong("'common' has no terminal " + name);
    }
    definitions.put(alias, new Node.Rule(common));
  }

  private void definition() {
    if (!take('?')) {
      take('!');
    }
    String name = name();
    inTerminal = isTerminal(name);
    if (take('.')) {
      next(); // a priority
    }
    if (peek().is('{') || peek().is('[')) {
      throw new LarkGrammar.UnsupportedException("a template or an attribute of a rule");
    }
    expect(':');
    if (definitions.put(prefix + name, expansions()) != null) {
      throw wrong("'%s' is defined twice".formatted(name));
    }
    endOfStatement();
  }

  private static boolean isTerminal(String name) {
    return name.chars().filter(c -> c != '_').limit(1).anyMatch(Character::isUpperCase);
  }

  private void endOfStatement() {
    if (peek().kind() != Kind.LINE) {
      throw wrong("unexpected '%s'".formatted(peek().text()));
    }
  }

  private Node expansions() {
    if (++depth > MAX_DEPTH) {
      throw new LarkGrammar.UnsupportedException("deeply nested groups");
    }
    List<Node> branches = new ArrayList<>();
    do {
      branches.add(expansion());
      skipLines();
    } while (take('|'));
    depth--;
    return branches.size() == 1 ? branches.get(0) : new Node.Choice(List.copyOf(branches));
  }

  /** Skips line ends inside a group, and line ends that precede another branch. */
  private void skipLines() {
    int first = at;
    while (peek().kind() == Kind.LINE) {
      at++;
    }
    if (depth == 1 && !peek().is('|')) {
      at = first;
    }
  }

  private Node expansion() {
    List<Node> parts = new ArrayList<>();
    while (true) {
      if (depth > 1) {
        skipLines();
      }
      Token token = peek();
      if (token.kind() == Kind.ARROW) {
        at++;
        name(); // the name of a branch in the tree
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
    Token token = next();
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
      expect(open.is('(') ? ')' : ']');
      return open.is('(') ? inner : new Node.Repetition(inner, 0, 1);
    }
    throw new LarkGrammar.UnsupportedException("'" + open.text() + "' in a rule");
  }

  private Node reference(String name) {
    if (peek().is('{')) {
      throw new LarkGrammar.UnsupportedException("a template");
    }
    Node rule = new Node.Rule(prefix + name);
    return isTerminal(name) ? terminal(rule) : rule;
  }

  private Node terminal(Node part) {
    return inTerminal ? part : new Node.Sequence(List.of(new Node.Rule(IGNORED), part));
  }

  private Node stringOrRange(Token first) {
    if (!take(Kind.RANGE)) {
      return LarkText.string(first.text(), !first.flags().isEmpty());
    }
    Token last = next();
    if (last.kind() != Kind.STRING) {
      throw wrong("expected a string after '..'");
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
      if (take('*')) {
        repeated = new Node.Repetition(repeated, 0, -1);
      } else if (take('+')) {
        repeated = new Node.Repetition(repeated, 1, -1);
      } else if (take('?')) {
        repeated = new Node.Repetition(repeated, 0, 1);
      } else if (take('~')) {
        int min = number();
        int max = take(Kind.RANGE) ? number() : min;
        if (max < min) {
          throw wrong("the numbers of a repetition are out of order");
        }
        repeated = new Node.Repetition(repeated, min, max);
      } else {
        return repeated;
      }
    }
  }

  private int number() {
    Token token = next();
    if (token.kind() != Kind.NUMBER || token.text().length() > 9) {
      throw wrong("expected a number");
    }
    int number = Integer.parseInt(token.text());
    if (number < 0 || number > MAX_REPETITIONS) {
      throw new LarkGrammar.UnsupportedException("more than %d times".formatted(MAX_REPETITIONS));
    }
    return number;
  }

  private String name() {
    Token token = next();
    if (token.kind() != Kind.NAME) {
      throw wrong("expected a name, but got '%s'".formatted(token.text()));
    }
    return token.text();
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token next() {
    return peek().kind() == Kind.END ? peek() : tokens.get(at++);
  }

  private boolean take(char mark) {
    return take(peek().is(mark));
  }

  private boolean take(Kind kind) {
    return take(peek().kind() == kind);
  }

  private boolean take(boolean isNext) {
    at += isNext ? 1 : 0;
    return isNext;
  }

  private void expect(char mark) {
    if (!take(mark)) {
      throw wrong("expected '%s', but got '%s'".formatted(mark, peek().text()));
    }
  }

  private IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException("line %d: %s".formatted(peek().line(), why));
  }
}
