package io.github.openaikserve.chat.format;

/** The characters received so far of a parameter's value. Not thread-safe. */
final class TagValue {
  private static final String CHARACTER_DATA = "<![CDATA[";
  private static final String CHARACTER_DATA_END = "]]>";

  private final CallBody.Target target;
  private final boolean lines;
  private final boolean breaks;
  private final StringBuilder text = new StringBuilder();
  private int released;

  /**
   * Creates an empty value.
   *
   * @param lines whether a line break before the end tag belongs to the tag
   * @param breaks whether a line break before the value belongs to the tag in front of it
   */
  TagValue(CallBody.Target target, boolean lines, boolean breaks) {
    this.target = target;
    this.lines = lines;
    this.breaks = breaks;
  }

  void begin() {
    text.setLength(0);
    released = 0;
  }

  void append(char c) {
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

  /**
   * Emits a string value up to this position, except a line break that may belong to the end tag.
   */
  void release(int end) {
    if (!isCharacterData()) {
      int safe = withoutLineBreak(end);
      boolean half = safe > 0 && Character.isHighSurrogate(text.charAt(safe - 1));
      emit(half ? safe - 1 : safe);
    }
  }

  /** Emits the rest of a string value that ends at this position. */
  void endString(int end) {
    unwrap(withoutLineBreak(end));
    emit(text.length());
    target.arguments("\"");
  }

  /** Returns the text of a value that ends at this position. */
  String end(int end) {
    unwrap(withoutLineBreak(end));
    return text.substring(beginsWithBreak() ? 1 : 0);
  }

  private int withoutLineBreak(int end) {
    return lines && end > 0 && text.charAt(end - 1) == '\n' ? end - 1 : end;
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
    return breaks && !text.isEmpty() && text.charAt(0) == '\n';
  }
}
