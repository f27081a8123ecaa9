package io.github.openaikserve.chat.format;

import io.github.openaikserve.internal.literal.JsonText;
import io.github.openaikserve.internal.literal.ParameterTypes;
import io.github.openaikserve.internal.text.TextAutomaton;

/** A parameter's value as far as it was received, which is emitted as JSON. Not thread-safe. */
final class TagValue {
  private static final String CHARACTER_DATA = "<![CDATA[";
  private static final String CHARACTER_DATA_END = "]]>";

  private final CallBody.Target target;
  private final TagGrammar grammar;
  private final ParameterTypes types;
  private final StringBuilder text = new StringBuilder();
  private String function = "";
  private String parameter = "";
  private ParameterTypes.Kind kind = ParameterTypes.Kind.STRING;
  private TextAutomaton terminators;
  private int node;
  private int released;

  TagValue(CallBody.Target target, TagGrammar grammar, ParameterTypes types) {
    this.target = target;
    this.grammar = grammar;
    this.types = types;
    terminators = grammar.tags("").terminators();
  }

  /** Starts the value of a parameter. One of the tags may end it. */
  void begin(String function, String parameter, ParameterTypes.Kind kind, TextAutomaton tags) {
    this.function = function;
    this.parameter = parameter;
    this.kind = kind;
    terminators = tags;
    node = TextAutomaton.ROOT;
    text.setLength(0);
    released = 0;
  }

  /** Adds a character. Returns the length of the tag that it completes; 0 for none. */
  int append(char c) {
    add(c);
    node = terminators.next(node, c);
    int length = terminators.match(node);
    node = length > 0 ? TextAutomaton.ROOT : node;
    return length;
  }

  /** Adds a character after a tag. */
  void add(char c) {
    text.append(c);
  }

  int length() {
    return text.length();
  }

  String substring(int from) {
    return text.substring(from);
  }

  /** Returns whether the value contains a text at this position. */
  boolean startsWith(String other, int from) {
    return text.indexOf(other, from) == from;
  }

  /** Keeps only the first {@code length} characters. */
  void cut(int length) {
    text.setLength(length);
  }

  /** Returns whether only spaces precede this position on its line. */
  boolean startsLine(int at) {
    int i = at;
    while (i > 0 && text.charAt(i - 1) == ' ') {
      i--;
    }
    return i == 0 || text.charAt(i - 1) == '\n';
  }

  /** Emits the value if it is a string, except a line break and a tag that may end it. */
  void release() {
    if (kind == ParameterTypes.Kind.STRING && !isCharacterData()) {
      int safe = withoutLineBreak(text.length() - terminators.depth(node));
      boolean half = safe > 0 && Character.isHighSurrogate(text.charAt(safe - 1));
      emit(half ? safe - 1 : safe);
    }
  }

  /** Ends the value at this position and emits the rest of it. */
  void end(int end) {
    unwrap(withoutLineBreak(end));
    if (kind == ParameterTypes.Kind.STRING) {
      emit(text.length());
      target.arguments("\"");
    } else {
      target.arguments(json(text.substring(beginsWithBreak() ? 1 : 0)));
    }
  }

  private String json(String written) {
    boolean nested = grammar.repeatsKey && written.startsWith(grammar.keyTag);
    return nested
        ? types.nested(function, parameter, written, grammar.keyTag)
        : types.json(function, parameter, kind, written);
  }

  private int withoutLineBreak(int end) {
    return grammar.lines && end > 0 && text.charAt(end - 1) == '\n' ? end - 1 : end;
  }

  /** Returns whether the value is, or may become, an XML CDATA section. */
  private boolean isCharacterData() {
    int length = Math.min(text.length(), CHARACTER_DATA.length());
    return released == 0 && text.indexOf(CHARACTER_DATA.substring(0, length)) == 0;
  }

  private void unwrap(int end) {
    boolean wrapped =
        isCharacterData()
            && end >= CHARACTER_DATA.length() + CHARACTER_DATA_END.length()
            && text.indexOf(CHARACTER_DATA_END, end - CHARACTER_DATA_END.length())
                == end - CHARACTER_DATA_END.length();
    if (wrapped) {
      text.setLength(end - CHARACTER_DATA_END.length());
      text.delete(0, CHARACTER_DATA.length());
    } else {
      text.setLength(end);
    }
  }

  private void emit(int end) {
    if (released == 0 && end > 0 && beginsWithBreak()) {
      released = 1;
    }
    if (end > released) {
      target.arguments(JsonText.escaped(text.substring(released, end)));
      released = end;
    }
  }

  private boolean beginsWithBreak() {
    return grammar.breaks && !text.isEmpty() && text.charAt(0) == '\n';
  }
}
