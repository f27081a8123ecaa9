package io.github.openaikserve.chat.format;

import io.github.openaikserve.chat.format.HeldTag.Match;
import io.github.openaikserve.internal.literal.JsonText;
import io.github.openaikserve.internal.literal.NestedTags;
import io.github.openaikserve.internal.literal.ParameterTypes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of a name and parameters between tags, with unquoted values. Not thread-safe.
 *
 * <p>Values may contain tags, so an end tag is recognized only if the following text can follow it.
 * A value without an end tag ends at the next parameter or at the end of the call. The end of the
 * call is part of the value if the value's end tag follows before the parameters of another call.
 */
final class TagBody extends CallBody {
  private enum State {
    NAME,
    BETWEEN,
    KEY,
    VALUE,
    KEY_AHEAD,
    LOOKAHEAD
  }

  private final ParameterTypes types;
  private final Predicate<String> functions;
  private final TagGrammar grammar;
  private final HeldTag held = new HeldTag();
  private final TagValue value;
  private State state = State.NAME;
  private TagGrammar.ValueTags tags;
  private String function = "";
  private String parameter = "";
  private ParameterTypes.Kind kind = ParameterTypes.Kind.STRING;
  private int terminatorAt;
  private int terminatorEnd;
  private String parameterAhead = "";
  private int expectedEnd;

  /** The position of the first tag that may end the value and its call; -1 for none. */
  private int closedAt = -1;

  private int closedEnd;
  private boolean reopened;

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
    value = new TagValue(target, grammar);
  }

  @Override
  Step step(char c) {
    return switch (state) {
      case NAME -> name(c);
      case BETWEEN -> between(c);
      case KEY -> key(c);
      case VALUE -> value(c);
      case KEY_AHEAD -> keyAhead(c);
      case LOOKAHEAD -> lookahead(c);
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
    function = unquoted(held.toString());
    held.clear();
    state = State.BETWEEN;
    if (!isName(function) || !functions.test(function)) {
      return false;
    }
    target.begin(null, function);
    return true;
  }

  private static String unquoted(String name) {
    String text = name.strip();
    while (text.length() > 1 && (text.endsWith("\"") || text.endsWith("'"))) {
      text = text.substring(0, text.length() - 1);
    }
    return text.startsWith("\"") || text.startsWith("'") ? text.substring(1) : text;
  }

  /** Reads text between parameters: the next parameter, the end of the call, or the next call. */
  private Step between(char c) {
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    boolean key = isKeyTag();
    return switch (held.next(tags.between(), c)) {
      case NOT -> key ? keyBegins(c) : Step.REJECTED;
      case PARTLY -> Step.MORE;
      case WHOLE -> between(held.toString());
    };
  }

  /**
   * Returns whether the held text begins with the tag of a key. If the end tag repeats the key, the
   * text may instead begin another tag.
   */
  private boolean isKeyTag() {
    return grammar.repeatsKey && held.toString().startsWith(grammar.keyTag);
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

  /** Returns the name of a parameter without the attributes that may follow it. */
  private String name(String text) {
    int quote = grammar.keyTag.endsWith("\"") ? text.indexOf('"') : -1;
    return unquoted(quote < 0 ? text : text.substring(0, quote));
  }

  /** Begins a parameter, given its name and the attributes that may follow it. */
  private Step parameter(String text) {
    parameter = name(text);
    if (!names.add(parameter)) {
      return Step.REJECTED;
    }
    kind = types.kind(function, parameter);
    if (text.contains("string=\"true\"") || text.contains("type=\"string\"")) {
      kind = ParameterTypes.Kind.STRING;
    } else if (text.contains("string=\"") || text.contains("type=\"")) {
      kind = ParameterTypes.Kind.JSON;
    }
    String before = names.size() == 1 ? "{\"" : ", \"";
    String quoted = kind == ParameterTypes.Kind.STRING ? "\"" : "";
    target.arguments(before + JsonText.escaped(parameter) + "\": " + quoted);
    tags = grammar.tags(parameter);
    value.begin(tags.terminators());
    state = State.VALUE;
    return Step.MORE;
  }

  private Step value(char c) {
    int length = value.append(c);
    if (length > 0) {
      int start = value.length() - length;
      Step step = terminator(value.substring(start), start);
      if (step != null) {
        return step;
      }
    }
    if (kind == ParameterTypes.Kind.STRING && closedAt < 0) {
      value.release();
    }
    return Step.MORE;
  }

  /** Handles a tag in the value that may end it. Returns null if it is part of the value. */
  private @Nullable Step terminator(String tag, int start) {
    boolean inline = isInline(start);
    int closing = format.closings.indexOf(tag);
    if (tag.equals(tags.end())) {
      return ahead(State.LOOKAHEAD, start);
    }
    if (closedAt >= 0) {
      return anotherCall(tag) ? closed(closedAt, closedEnd) : null;
    }
    if (closing >= 0 && (inline || closing < format.closings.size() - 1)) {
      return ahead(State.LOOKAHEAD, start);
    }
    if (inline || (closing < 0 && !tag.equals(grammar.keyTag))) {
      return null;
    }
    if (closing < 0) {
      return ahead(State.KEY_AHEAD, start);
    }
    closedAt = start;
    closedEnd = value.length();
    return null;
  }

  /**
   * Returns whether a tag after the end of the call shows that another call has begun. Its first
   * parameter shows this, because the value may also mention the tag that begins a call.
   */
  private boolean anotherCall(String tag) {
    boolean another = reopened && tag.equals(tags.begin());
    reopened |= grammar.isOpening(tag);
    return another;
  }

  private Step ahead(State next, int start) {
    terminatorAt = start;
    terminatorEnd = value.length();
    expectedEnd = 0;
    held.clear();
    state = next;
    return Step.MORE;
  }

  /** Ends the value and the call at a tag. The text after the tag is read again. */
  private Step closed(int at, int end) {
    unread = value.substring(end);
    endValue(at);
    finish();
    return Step.CALL_BEFORE;
  }

  /** Returns whether an end tag that models write on its own line begins within a line. */
  private boolean isInline(int start) {
    return grammar.lines && !value.startsLine(start);
  }

  /**
   * After the tag of a key, which ends the value only if the whole name of another parameter
   * follows.
   */
  private Step keyAhead(char c) {
    value.add(c);
    if (expectedEnd > 0 && held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    held.append(c);
    String text = held.toString();
    String end = grammar.keyEnds.get(expectedEnd);
    if (!held.endsWith(end)) {
      return grammar.isKeyBegun(text, expectedEnd) ? Step.MORE : noTerminator();
    }
    held.clear();
    if (expectedEnd == 0) {
      parameterAhead = text.substring(0, text.length() - end.length());
    }
    expectedEnd++;
    if (expectedEnd < grammar.keyEnds.size()) {
      return Step.MORE;
    }
    String name = name(parameterAhead);
    if (names.contains(name) || !types.has(function, name)) {
      return noTerminator();
    }
    endValue(terminatorAt);
    return parameter(parameterAhead);
  }

  /** After a tag that ends the value if this continues the call or the next one. */
  private Step lookahead(char c) {
    value.add(c);
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    boolean key = isKeyTag();
    Match match = held.next(grammar.following, c);
    if (match == Match.NOT && key && isClosed()) {
      closedAt = terminatorAt;
      closedEnd = terminatorEnd;
      return noTerminator();
    }
    if (match == Match.NOT && key) {
      String begun = held.toString();
      endValue(terminatorAt);
      held.append(begun);
      return keyBegins(c);
    }
    if (match == Match.NOT) {
      return noTerminator();
    }
    return match == Match.PARTLY ? Step.MORE : afterLookahead(held.toString());
  }

  private Step afterLookahead(String tag) {
    if (!isClosed()) {
      endValue(terminatorAt);
      return between(tag);
    }
    closedAt = terminatorAt;
    closedEnd = terminatorEnd;
    if (anotherCall(tag)) {
      return closed(closedAt, closedEnd);
    }
    held.clear();
    state = State.VALUE;
    return Step.MORE;
  }

  /** Returns whether the tag before the look-ahead ends the call, not only the value. */
  private boolean isClosed() {
    return !value.startsWith(tags.end(), terminatorAt);
  }

  /** Treats the tag as part of the value. The text after it is read again. */
  private Step noTerminator() {
    held.clear();
    state = State.VALUE;
    String again = value.substring(terminatorEnd);
    value.cut(terminatorEnd);
    Step step = Step.MORE;
    for (int i = 0; i < again.length() && step == Step.MORE; i++) {
      step = next(again.charAt(i));
    }
    return step;
  }

  private void endValue(int end) {
    if (kind == ParameterTypes.Kind.STRING) {
      value.endString(end);
    } else {
      String written = value.end(end);
      boolean nested = grammar.repeatsKey && written.startsWith(grammar.keyTag);
      target.arguments(
          nested
              ? NestedTags.json(written, grammar.keyTag)
              : types.json(function, parameter, kind, written));
    }
    closedAt = -1;
    reopened = false;
    held.clear();
    state = State.BETWEEN;
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
    boolean ends = state == State.LOOKAHEAD && !isClosed();
    if (closedAt >= 0 || state == State.LOOKAHEAD) {
      if (cut) {
        return false; // the end tag of the value may have followed
      }
      if (!ends) {
        closed(closedAt < 0 ? terminatorAt : closedAt, closedAt < 0 ? terminatorEnd : closedEnd);
        return true;
      }
      endValue(terminatorAt);
    } else if (state != State.BETWEEN
        || !(grammar.isEndBegun(held.toString()) || (held.isEmpty() && !cut && !names.isEmpty()))) {
      return false;
    }
    finish();
    return true;
  }
}
