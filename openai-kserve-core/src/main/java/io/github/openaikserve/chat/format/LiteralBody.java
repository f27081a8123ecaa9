package io.github.openaikserve.chat.format;

import io.github.openaikserve.internal.literal.PythonLiteral;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The grammar of a name and arguments in braces, with unquoted keys and a token as the quote. Not
 * thread-safe.
 */
final class LiteralBody extends CallBody {
  private final Predicate<String> functions;
  private final StringBuilder held = new StringBuilder();
  private boolean named;
  private boolean inString;
  private int depth;
  private int stringFrom;

  /** The quote of an open string that JSON or Python would write; 0 for none. */
  private char plainQuote;

  private boolean escaped;

  /** The last character outside of strings that is not white space. */
  private char before;

  LiteralBody(
      Target target, ToolCallFormat format, List<String> opening, Predicate<String> functions) {
    super(target, format, opening);
    this.functions = functions;
  }

  @Override
  Step step(char c) {
    if (!named) {
      return name(c);
    }
    held.append(c);
    if (plainQuote != 0) {
      inPlainString(c);
      return Step.MORE;
    }
    int quoteAt = held.length() - format.markers.quote.length();
    if (quoteAt >= stringFrom && held.indexOf(format.markers.quote, quoteAt) == quoteAt) {
      inString = !inString;
      stringFrom = held.length();
    } else if (!inString) {
      outside(c);
    }
    return depth == 0 ? arguments() : Step.MORE;
  }

  private void outside(char c) {
    if (c == '{' || c == '[') {
      depth++;
    } else if (c == '}' || c == ']') {
      depth--;
    } else if ((c == '"' || c == '\'') && "{[:,".indexOf(before) >= 0) {
      plainQuote = c;
    }
    before = Character.isWhitespace(c) ? before : c;
  }

  private void inPlainString(char c) {
    boolean ends = c == plainQuote && !escaped;
    escaped = c == '\\' && !escaped;
    if (ends) {
      plainQuote = 0;
      before = c;
      stringFrom = held.length();
    }
  }

  private Step name(char c) {
    if (c != '{') {
      held.append(c);
      boolean name = held.length() <= MAX_NAME && c != '<' && c != '\n';
      return name ? Step.MORE : Step.REJECTED;
    }
    String name = held.toString().strip();
    if (!isName(name) || !functions.test(name)) {
      return Step.REJECTED;
    }
    named = true;
    held.setLength(0);
    held.append(c);
    before = c;
    depth = 1;
    target.begin(null, name);
    return Step.MORE;
  }

  private Step arguments() {
    Optional<String> json = PythonLiteral.json(held.toString(), format.markers.quote);
    if (json.isEmpty()) {
      return Step.REJECTED;
    }
    target.arguments(json.get());
    return Step.LAST_CALL;
  }
}
