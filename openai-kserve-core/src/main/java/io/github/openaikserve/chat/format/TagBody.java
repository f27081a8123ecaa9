package io.github.openaikserve.chat.format;

import io.github.openaikserve.internal.literal.JsonText;
import io.github.openaikserve.internal.literal.ParameterTypes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The grammar of a name and parameters between tags, with unquoted values. Not thread-safe. */
final class TagBody extends CallBody {
  private enum State {
    NAME,
    BETWEEN,
    KEY,
    VALUE
  }

  private final ParameterTypes types;
  private final Predicate<String> functions;
  private final TagGrammar grammar;
  private final HeldTag held = new HeldTag();
  private final TagValue value;
  private final TagValueEnd valueEnd;
  private State state = State.NAME;
  private TagGrammar.ValueTags tags;
  private String function = "";

  /** The names of the call's parameters. A call with the same name twice is invalid. */
  private final Set<String> names = new HashSet<>();

  private String unread = "";

  TagBody(
      Target target,
      ToolCallFormat format,
      TagGrammar grammar,
      List<String> opening,
      ParameterTypes types,
      Predicate<String> functions) {
    super(target, format, opening);
    this.functions = functions;
    this.types = types;
    this.grammar = grammar;
    tags = grammar.tags("");
    value = new TagValue(target, grammar, types);
    valueEnd = new TagValueEnd(format.closings, grammar, value, this::isAnotherParameter);
  }

  @Override
  Step step(char c) {
    return switch (state) {
      case NAME -> name(c);
      case BETWEEN -> between(c);
      case KEY -> key(c);
      case VALUE -> value(c);
    };
  }

  private Step name(char c) {
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    String end = grammar.nameEnd;
    if (end.isEmpty() && (c == '\n' || c == '<')) {
      return named() ? between(c) : Step.REJECTED;
    }
    held.append(c);
    if (!end.isEmpty() && held.endsWith(end)) {
      held.cut(held.length() - end.length());
      int quote = grammar.attributes ? held.toString().indexOf('"') : -1;
      held.cut(quote < 0 ? held.length() : quote);
      return named() ? Step.MORE : Step.REJECTED;
    }
    boolean name = held.length() <= MAX_NAME && c != '{' && c != '\n';
    boolean tag = c == '<' && end.charAt(0) != '<';
    return name && !tag ? Step.MORE : Step.REJECTED;
  }

  private boolean named() {
    function = TagGrammar.unquoted(held.toString());
    held.clear();
    state = State.BETWEEN;
    if (!isName(function) || !functions.test(function)) {
      return false;
    }
    target.begin(null, function);
    return true;
  }

  /** Reads text between parameters: the next parameter, the end of the call, or the next call. */
  private Step between(char c) {
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    boolean key = grammar.isKeyTag(held);
    return switch (held.next(tags.between(), c)) {
      case NOT -> key ? keyBegins(c) : Step.REJECTED;
      case PARTLY -> Step.MORE;
      case WHOLE -> between(held.toString());
    };
  }

  private Step keyBegins(char c) {
    held.remove(grammar.keyTag.length());
    state = State.KEY;
    return key(c);
  }

  private Step between(String tag) {
    held.clear();
    if (tag.equals(grammar.keyTag)) {
      state = State.KEY;
      return Step.MORE;
    }
    if (tag.equals(tags.end())) {
      return Step.MORE; // an end tag without an open value is omitted
    }
    finish();
    if (format.closings.contains(tag)) {
      return Step.LAST_CALL;
    }
    unread = tag;
    return Step.CALL_BEFORE;
  }

  private void finish() {
    target.arguments(names.isEmpty() ? "{}" : "}");
  }

  private Step key(char c) {
    held.append(c);
    String end = grammar.keyEnds.get(0);
    if (!held.endsWith(end)) {
      return held.length() > MAX_NAME ? Step.REJECTED : Step.MORE;
    }
    String key = held.toString().substring(0, held.length() - end.length());
    boolean broken = key.codePoints().anyMatch(p -> Character.getType(p) == Character.SURROGATE);
    if (broken || key.indexOf('<') >= 0) { // the end of the name's tag is missing
      return Step.REJECTED;
    }
    held.clear();
    expect(grammar.keyEnds);
    return parameter(key);
  }

  private boolean isAnotherParameter(String text) {
    String name = grammar.parameterName(text);
    return !names.contains(name) && types.has(function, name);
  }

  /** Begins a parameter, given its name and the attributes that may follow it. */
  private Step parameter(String text) {
    String parameter = grammar.parameterName(text);
    if (!names.add(parameter)) {
      return Step.REJECTED;
    }
    ParameterTypes.Kind declared = TagGrammar.declaredKind(text);
    ParameterTypes.Kind kind = declared == null ? types.kind(function, parameter) : declared;
    String before = names.size() == 1 ? "{\"" : ", \"";
    String quoted = kind == ParameterTypes.Kind.STRING ? "\"" : "";
    target.arguments(before + JsonText.escaped(parameter) + "\": " + quoted);
    tags = grammar.tags(parameter);
    value.begin(function, parameter, kind, tags.terminators());
    valueEnd.begin(tags);
    state = State.VALUE;
    return Step.MORE;
  }

  private Step value(char c) {
    return switch (valueEnd.next(c)) {
      case OPEN -> Step.MORE;
      case NOT_ENDED -> readAgain(valueEnd.takeAgain());
      case ENDED -> {
        endValue();
        yield between(valueEnd.tagAhead());
      }
      case ENDED_BEFORE_KEY -> {
        endValue();
        held.append(valueEnd.tagAhead());
        yield keyBegins(c);
      }
      case ENDED_BEFORE_PARAMETER -> {
        endValue();
        yield parameter(valueEnd.parameterAhead());
      }
      case CALL_ENDED -> {
        endCall();
        yield Step.CALL_BEFORE;
      }
    };
  }

  private Step readAgain(String text) {
    Step step = Step.MORE;
    for (int i = 0; i < text.length() && step == Step.MORE; i++) {
      step = next(text.charAt(i));
    }
    return step;
  }

  private void endValue() {
    value.end(valueEnd.position());
    state = State.BETWEEN;
  }

  /** Ends the value and the call. The text after their tag is not part of the call. */
  private void endCall() {
    unread = valueEnd.rest();
    endValue();
    finish();
  }

  @Override
  String rest() {
    return unread;
  }

  @Override
  String unread(char c) {
    return unread.isEmpty() ? super.unread(c) : unread;
  }

  @Override
  boolean end(boolean cut) {
    return state == State.VALUE ? endInValue(cut) : endBetween(cut);
  }

  private boolean endInValue(boolean cut) {
    switch (valueEnd.end(cut)) {
      case ENDED -> {
        endValue();
        finish();
      }
      case CALL_ENDED -> endCall();
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean endBetween(boolean cut) {
    boolean omitted = held.isEmpty() && !cut && !names.isEmpty();
    boolean ends = state == State.BETWEEN && (omitted || grammar.isEndBegun(held.toString()));
    if (ends) {
      finish();
    }
    return ends;
  }
}
