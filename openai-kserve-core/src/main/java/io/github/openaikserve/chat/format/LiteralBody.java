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
    int quoteAt = held.length() - format.markers.quote.length();
    if (quoteAt >= stringFrom && held.indexOf(format.markers.quote, quoteAt) == quoteAt) {
      inString = !inString;
      stringFrom = held.length();
    } else if (!inString && (c == '{' || c == '[')) {
      depth++;
    } else if (!inString && (c == '}' || c == ']')) {
      depth--;
    }
    return depth == 0 ? arguments() : Step.MORE;
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
