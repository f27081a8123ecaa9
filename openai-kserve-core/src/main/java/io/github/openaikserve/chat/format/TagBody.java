package io.github.openaikserve.chat.format;

import io.github.openaikserve.chat.format.HeldTag.Match;
import io.github.openaikserve.internal.text.TextAutomaton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of a name and parameters between tags, with unquoted values. Not thread-safe.
 *
 * <p>Values may contain tags, so an end tag is recognized only if the following text can follow it.
 * A value without an end tag ends at the next parameter or at the end of the call.
 */
final class TagBody extends CallBody {
  /** The placeholder for the parameter's name in its end tag. */
  private static final String KEY = "KEY";

  private enum State {
    NAME,
    BETWEEN,
    KEY,
    BEFORE_VALUE,
    VALUE,
    LOOKAHEAD
  }

  private final ParameterTypes types;
  private final String keyTag;
  private final List<String> keyEnds;
  private final List<String> afterValue = new ArrayList<>();
  private final boolean attributes;
  private final boolean lines;
  private final String nameEnd;
  private final HeldTag held = new HeldTag();
  private final TagValue value;
  private State state = State.NAME;
  private String valueEndTag;
  private TextAutomaton terminators;
  private String function = "";
  private String parameter = "";
  private ParameterTypes.Kind kind = ParameterTypes.Kind.STRING;
  private int keyEnd;
  private int node;
  private int terminatorAt;
  private int terminatorEnd;
  private List<String> expected = List.of();
  private int parameters;
  private String unread = "";

  TagBody(Target target, ToolCallFormat format, List<String> opening, ParameterTypes types) {
    super(target, format, opening);
    this.types = types;
    keyTag = format.key.strip();
    valueEndTag = format.valueEnd.strip();
    keyEnds = keyEnds(format.tokens(format.keyEnd));
    lines = format.valueEnd.startsWith("\n");
    value = new TagValue(target, lines, format.keyEnd.endsWith("\n"));
    afterValue.add(keyTag);
    afterValue.addAll(format.closings);
    format.openings.forEach(tokens -> afterValue.add(tokens.get(0)));
    attributes = format.nameEnd.contains("\"");
    int tag = Math.max(format.nameEnd.lastIndexOf('<'), format.nameEnd.lastIndexOf('"') + 1);
    nameEnd = attributes ? format.nameEnd.substring(tag).strip() : format.nameEnd.strip();
    terminators = terminators();
  }

  /** The tags that may end a value. If the end tag repeats the key, a key may be any tag. */
  private TextAutomaton terminators() {
    List<String> ends = new ArrayList<>(format.closings);
    ends.add(valueEndTag);
    if (!repeatsKey()) {
      ends.add(keyTag);
    }
    return new TextAutomaton(ends);
  }

  private boolean repeatsKey() {
    return format.valueEnd.contains(KEY);
  }

  /** The end of a key; with attributes, the end of its tag. */
  private List<String> keyEnds(List<String> tokens) {
    if (!keyTag.endsWith("\"") || tokens.isEmpty()) {
      return tokens.isEmpty() ? List.of(">") : tokens;
    }
    String first = tokens.get(0);
    int tag = Math.max(first.lastIndexOf('<'), first.lastIndexOf('"') + 1);
    List<String> ends = new ArrayList<>(tokens);
    ends.set(0, first.substring(tag));
    return ends;
  }

  @Override
  Step step(char c) {
    return switch (state) {
      case NAME -> name(c);
      case BETWEEN -> between(c);
      case KEY -> key(c);
      case BEFORE_VALUE -> beforeValue(c);
      case VALUE -> value(c);
      case LOOKAHEAD -> lookahead(c);
    };
  }

  private Step name(char c) {
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    if (nameEnd.isEmpty() && (c == '\n' || c == '<')) {
      return named() ? between(c) : Step.REJECTED;
    }
    held.append(c);
    if (!nameEnd.isEmpty() && held.endsWith(nameEnd)) {
      held.cut(held.length() - nameEnd.length());
      int quote = attributes ? held.toString().indexOf('"') : -1;
      held.cut(quote < 0 ? held.length() : quote);
      return named() ? Step.MORE : Step.REJECTED;
    }
    boolean name = held.length() <= MAX_NAME && c != '{' && c != '\n';
    boolean tag = c == '<' && nameEnd.charAt(0) != '<';
    return name && !tag ? Step.MORE : Step.REJECTED;
  }

  private boolean named() {
    function = unquoted(held.toString());
    held.clear();
    state = State.BETWEEN;
    if (!isName(function)) {
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
    return switch (held.next(afterValue, c)) {
      case NOT -> {
        if (key) {
          yield keyBegins(c);
        }
        yield stray(c) ? Step.MORE : Step.REJECTED;
      }
      case PARTLY -> Step.MORE;
      case WHOLE -> between(held.toString());
    };
  }

  /**
   * Returns whether the held text begins with the tag of a key. If the end tag repeats the key, the
   * text may instead begin another tag.
   */
  private boolean isKeyTag() {
    return repeatsKey() && held.toString().startsWith(keyTag);
  }

  private Step keyBegins(char c) {
    held.remove(keyTag.length());
    state = State.KEY;
    return key(c);
  }

  /** An end tag without an open value is omitted. */
  private boolean stray(char c) {
    if (!valueEndTag.startsWith(held.toString() + c)) {
      return false;
    }
    held.append(c);
    if (held.length() == valueEndTag.length()) {
      held.clear();
    }
    return true;
  }

  private Step between(String tag) {
    held.clear();
    if (tag.equals(keyTag)) {
      state = State.KEY;
      return Step.MORE;
    }
    finish();
    if (format.closings.contains(tag)) {
      return Step.LAST_CALL;
    }
    unread = tag;
    return Step.CALL_BEFORE;
  }

  private void finish() {
    target.arguments(parameters == 0 ? "{}" : "}");
  }

  private Step key(char c) {
    held.append(c);
    String end = keyEnds.get(0);
    if (!held.endsWith(end)) {
      return held.length() > MAX_NAME ? Step.REJECTED : Step.MORE;
    }
    String key = held.toString().substring(0, held.length() - end.length());
    boolean broken = key.codePoints().anyMatch(p -> Character.getType(p) == Character.SURROGATE);
    if (broken || key.indexOf('<') >= 0) { // the end of the name's tag is missing
      return Step.REJECTED;
    }
    parameter(key);
    held.clear();
    keyEnd = 1;
    state = keyEnds.size() > 1 ? State.BEFORE_VALUE : State.VALUE;
    return Step.MORE;
  }

  /** Begins a parameter, given its name and the attributes that may follow it. */
  private void parameter(String text) {
    int quote = keyTag.endsWith("\"") ? text.indexOf('"') : -1;
    parameter = unquoted(quote < 0 ? text : text.substring(0, quote));
    kind = types.kind(function, parameter);
    if (text.contains("string=\"true\"") || text.contains("type=\"string\"")) {
      kind = ParameterTypes.Kind.STRING;
    } else if (text.contains("string=\"") || text.contains("type=\"")) {
      kind = ParameterTypes.Kind.JSON;
    }
    String before = parameters == 0 ? "{\"" : ", \"";
    String quoted = kind == ParameterTypes.Kind.STRING ? "\"" : "";
    target.arguments(before + JsonText.escaped(parameter) + "\": " + quoted);
    parameters++;
    value.begin();
    node = TextAutomaton.ROOT;
    if (repeatsKey()) {
      valueEndTag = format.valueEnd.replace(KEY, parameter).strip();
      terminators = terminators();
    }
  }

  private Step beforeValue(char c) {
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    String tag = keyEnds.get(keyEnd);
    if (tag.charAt(held.length()) != c) {
      return Step.REJECTED;
    }
    held.append(c);
    if (held.length() == tag.length()) {
      held.clear();
      keyEnd++;
      state = keyEnd < keyEnds.size() ? State.BEFORE_VALUE : State.VALUE;
    }
    return Step.MORE;
  }

  private Step value(char c) {
    value.append(c);
    node = terminators.next(node, c);
    int length = terminators.match(node);
    if (length > 0) {
      int start = value.length() - length;
      String tag = value.substring(start);
      node = TextAutomaton.ROOT;
      Step step = terminator(tag, start);
      if (step != null) {
        return step;
      }
    }
    if (kind == ParameterTypes.Kind.STRING) {
      value.release(value.length() - terminators.depth(node));
    }
    return Step.MORE;
  }

  /** Returns the tag in the value that may end it; null for none. */
  private @Nullable Step terminator(String tag, int start) {
    if (tag.equals(valueEndTag)) {
      return look(start, afterValue);
    }
    int index = format.closings.indexOf(tag);
    boolean inline = isInline(start);
    if (index >= 0 && (inline || index < format.closings.size() - 1)) {
      return look(start, afterValue);
    }
    if (inline) {
      return null;
    }
    endValue(start);
    return between(tag);
  }

  /** Returns whether an end tag that models write on its own line begins within a line. */
  private boolean isInline(int start) {
    return lines && !value.startsLine(start);
  }

  private Step look(int start, List<String> tags) {
    terminatorAt = start;
    terminatorEnd = value.length();
    expected = tags;
    held.clear();
    state = State.LOOKAHEAD;
    return Step.MORE;
  }

  /** After a tag that ends the value if this continues the call or the next one. */
  private Step lookahead(char c) {
    value.append(c);
    if (held.isEmpty() && Character.isWhitespace(c)) {
      return Step.MORE;
    }
    boolean key = isKeyTag();
    Match match = held.next(expected, c);
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
    boolean closed = !value.startsWith(valueEndTag, terminatorAt);
    endValue(terminatorAt);
    if (closed && !format.closings.contains(tag)) {
      finish();
      unread = tag;
      return Step.CALL_BEFORE;
    }
    return between(tag);
  }

  /** Treats the tag as part of the value. The text after it is read again. */
  private Step noTerminator() {
    held.clear();
    state = State.VALUE;
    String again = value.substring(terminatorEnd);
    value.cut(terminatorEnd);
    Step step = Step.MORE;
    for (int i = 0; i < again.length() && step == Step.MORE; i++) {
      step = step(again.charAt(i));
    }
    return step;
  }

  private void endValue(int end) {
    if (kind == ParameterTypes.Kind.STRING) {
      value.endString(end);
    } else {
      String written = value.end(end);
      boolean nested = repeatsKey() && written.startsWith(keyTag);
      target.arguments(
          nested
              ? NestedTags.json(written, keyTag)
              : types.json(function, parameter, kind, written));
    }
    held.clear();
    state = State.BETWEEN;
  }

  @Override
  String unread(char c) {
    return unread.isEmpty() ? super.unread(c) : unread;
  }

  @Override
  boolean end(boolean cut) {
    if (state == State.LOOKAHEAD) {
      boolean closed = !value.startsWith(valueEndTag, terminatorAt);
      if (cut && (!closed || isInline(terminatorAt))) {
        return false;
      }
      endValue(terminatorAt);
    } else if (state != State.BETWEEN
        || !(isEndBegun() || (held.isEmpty() && !cut && parameters > 0))) {
      return false;
    }
    finish();
    return true;
  }

  /** Returns whether an end tag has begun that is not also the beginning of another tag. */
  private boolean isEndBegun() {
    String begun = held.toString();
    return !begun.isEmpty()
        && format.closings.stream().anyMatch(tag -> tag.startsWith(begun))
        && !keyTag.startsWith(begun)
        && !valueEndTag.startsWith(begun)
        && format.openings.stream().noneMatch(tokens -> tokens.get(0).startsWith(begun));
  }

  @Override
  boolean isBetweenCalls() {
    return false;
  }
}
