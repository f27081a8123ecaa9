package io.github.openaikserve.chat.format;

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

  private static final String CHARACTER_DATA = "<![CDATA[";
  private static final String CHARACTER_DATA_END = "]]>";

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
  private final StringBuilder held = new StringBuilder();
  private final StringBuilder value = new StringBuilder();
  private State state = State.NAME;
  private String valueEndTag;
  private TextAutomaton terminators;
  private String function = "";
  private String parameter = "";
  private ParameterTypes.Kind kind = ParameterTypes.Kind.STRING;
  private int keyEnd;
  private int released;
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
    int start = held.length() - nameEnd.length();
    if (!nameEnd.isEmpty() && start >= 0 && held.indexOf(nameEnd, start) == start) {
      int quote = attributes ? held.indexOf("\"") : -1;
      held.setLength(quote < 0 ? start : quote);
      return named() ? Step.MORE : Step.REJECTED;
    }
    boolean name = held.length() <= MAX_NAME && c != '{' && c != '\n';
    boolean tag = c == '<' && nameEnd.charAt(0) != '<';
    return name && !tag ? Step.MORE : Step.REJECTED;
  }

  private boolean named() {
    function = unquoted(held.toString());
    held.setLength(0);
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
    return switch (match(afterValue, c)) {
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

  /** Where the end tag repeats the key, what follows the tag of a key may begin other tags too. */
  private boolean isKeyTag() {
    return repeatsKey() && held.indexOf(keyTag) == 0;
  }

  private Step keyBegins(char c) {
    held.delete(0, keyTag.length());
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
      held.setLength(0);
    }
    return true;
  }

  private Step between(String tag) {
    held.setLength(0);
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

  private enum Match {
    NOT,
    PARTLY,
    WHOLE
  }

  /**
   * Adds a character to {@link #held} if one of the tags continues with it. Some models put spaces
   * around the equals sign.
   */
  private Match match(List<String> tags, char c) {
    int length = held.length();
    boolean fits = false;
    boolean whole = false;
    boolean longer = false;
    for (String tag : tags) {
      if (tag.length() > length
          && tag.charAt(length) == c
          && held.indexOf(tag.substring(0, length)) == 0) {
        fits = true;
        whole |= tag.length() == length + 1;
        longer |= tag.length() > length + 1;
      }
    }
    if (fits) {
      held.append(c);
    }
    boolean skipped = !fits && c == ' ' && length > 0;
    return whole && !longer ? Match.WHOLE : fits || skipped ? Match.PARTLY : Match.NOT;
  }

  private Step key(char c) {
    held.append(c);
    String end = keyEnds.get(0);
    int start = held.length() - end.length();
    if (start < 0 || held.indexOf(end, start) != start) {
      return held.length() > MAX_NAME ? Step.REJECTED : Step.MORE;
    }
    parameter(held.substring(0, start));
    held.setLength(0);
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
    value.setLength(0);
    released = 0;
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
      held.setLength(0);
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
    release(value.length() - terminators.depth(node));
    return Step.MORE;
  }

  /** Returns the tag in the value that may end it; null for none. */
  private @Nullable Step terminator(String tag, int start) {
    if (tag.equals(valueEndTag)) {
      return look(start, afterValue);
    }
    if (lines && !startsLine(start)) {
      return null;
    }
    int index = format.closings.indexOf(tag);
    if (index >= 0 && index < format.closings.size() - 1) {
      return look(start, afterValue);
    }
    endValue(start);
    return between(tag);
  }

  private Step look(int start, List<String> tags) {
    terminatorAt = start;
    terminatorEnd = value.length();
    expected = tags;
    held.setLength(0);
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
    Match match = match(expected, c);
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
    boolean closed = !value.substring(terminatorAt).startsWith(valueEndTag);
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
    held.setLength(0);
    state = State.VALUE;
    String again = value.substring(terminatorEnd);
    value.setLength(value.length() - again.length());
    Step step = Step.MORE;
    for (int i = 0; i < again.length() && step == Step.MORE; i++) {
      step = step(again.charAt(i));
    }
    return step;
  }

  private boolean startsLine(int start) {
    int i = start;
    while (i > 0 && value.charAt(i - 1) == ' ') {
      i--;
    }
    return i == 0 || value.charAt(i - 1) == '\n';
  }

  /** Emits a string up to this position, except for a line break that may belong to the end tag. */
  private void release(int end) {
    if (kind != ParameterTypes.Kind.STRING || isCharacterData()) {
      return;
    }
    int safe = lines && end > 0 && value.charAt(end - 1) == '\n' ? end - 1 : end;
    emit(safe);
  }

  /** Returns whether a value is, or may be, an XML CDATA section. */
  private boolean isCharacterData() {
    int length = Math.min(value.length(), CHARACTER_DATA.length());
    return released == 0 && value.indexOf(CHARACTER_DATA.substring(0, length)) == 0;
  }

  private void unwrap(int end) {
    boolean wrapped =
        isCharacterData()
            && end >= CHARACTER_DATA.length() + CHARACTER_DATA_END.length()
            && value.substring(0, end).endsWith(CHARACTER_DATA_END);
    if (wrapped) {
      value.setLength(end - CHARACTER_DATA_END.length());
      value.delete(0, CHARACTER_DATA.length());
    } else {
      value.setLength(end);
    }
  }

  private void emit(int end) {
    if (released == 0 && end > 0 && value.charAt(0) == '\n' && breaksBeforeValue()) {
      released = 1;
    }
    if (end > released) {
      target.arguments(JsonText.escaped(value.substring(released, end)));
      released = end;
    }
  }

  private boolean breaksBeforeValue() {
    return format.keyEnd.endsWith("\n");
  }

  private void endValue(int end) {
    unwrap(lines && end > 0 && value.charAt(end - 1) == '\n' ? end - 1 : end);
    int last = value.length();
    if (kind == ParameterTypes.Kind.STRING) {
      emit(last);
      target.arguments("\"");
    } else {
      int first = last > 0 && value.charAt(0) == '\n' && breaksBeforeValue() ? 1 : 0;
      String written = value.substring(first, last);
      boolean nested = repeatsKey() && written.startsWith(keyTag);
      target.arguments(
          nested
              ? NestedTags.json(written, keyTag)
              : types.json(function, parameter, kind, written));
    }
    value.setLength(0);
    held.setLength(0);
    state = State.BETWEEN;
  }

  @Override
  String unread(char c) {
    return unread.isEmpty() ? super.unread(c) : unread;
  }

  @Override
  boolean end(boolean cut) {
    if (state == State.LOOKAHEAD) {
      boolean closed = !value.substring(terminatorAt).startsWith(valueEndTag);
      if (!closed && cut) {
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
