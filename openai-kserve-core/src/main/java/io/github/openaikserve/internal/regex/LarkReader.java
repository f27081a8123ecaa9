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

  private final LarkCursor cursor;
  private final LarkExpressionParser expressions;
  private final String prefix;
  private final Map<String, Node> definitions = new HashMap<>();
  private final List<Node> ignored = new ArrayList<>();

  /**
   * Creates a reader.
   *
   * @param prefix the prefix of all names that the grammar defines
   */
  LarkReader(String grammar, String prefix) {
    this.cursor = new LarkCursor(LarkTokens.of(grammar));
    this.expressions = new LarkExpressionParser(cursor, prefix);
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
    while (cursor.peek().kind() != Kind.END) {
      if (cursor.peek().kind() == Kind.DIRECTIVE) {
        directive(cursor.next().text());
      } else if (!cursor.take(Kind.LINE)) {
        definition();
      }
    }
  }

  private void directive(String name) {
    switch (name) {
      case "ignore" -> ignored.add(expressions.parse(true));
      case "import" -> imported();
      default -> throw new LarkGrammar.UnsupportedException("%" + name);
    }
    endOfStatement();
  }

  private void imported() {
    Token module = cursor.next();
    if (module.kind() != Kind.NAME || !module.text().equals("common")) {
      throw new LarkGrammar.UnsupportedException("an import other than of 'common'");
    }
    LarkCommon.addTo(definitions);
    if (cursor.take('.')) {
      String name = cursor.name();
      importAs(name, cursor.take(Kind.ARROW) ? cursor.name() : name);
      return;
    }
    cursor.expect('(');
    do {
      String name = cursor.name();
      importAs(name, name);
    } while (cursor.take(','));
    cursor.expect(')');
  }

  private void importAs(String name, String alias) {
    String common = LarkCommon.PREFIX + name;
    if (!definitions.containsKey(common)) {
      throw cursor.wrong("'common' has no terminal " + name);
    }
    definitions.put(alias, new Node.Rule(common));
  }

  private void definition() {
    if (!cursor.take('?')) {
      cursor.take('!');
    }
    String name = cursor.name();
    if (cursor.take('.')) {
      cursor.next(); // a priority
    }
    if (cursor.peek().is('{') || cursor.peek().is('[')) {
      throw new LarkGrammar.UnsupportedException("a template or an attribute of a rule");
    }
    cursor.expect(':');
    Node body = expressions.parse(LarkExpressionParser.isTerminal(name));
    if (definitions.put(prefix + name, body) != null) {
      throw cursor.wrong("'%s' is defined twice".formatted(name));
    }
    endOfStatement();
  }

  private void endOfStatement() {
    if (cursor.peek().kind() != Kind.LINE) {
      throw cursor.wrong("unexpected '%s'".formatted(cursor.peek().text()));
    }
  }
}
