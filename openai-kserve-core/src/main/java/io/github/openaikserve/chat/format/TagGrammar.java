package io.github.openaikserve.chat.format;

import io.github.openaikserve.internal.literal.ParameterTypes;
import io.github.openaikserve.internal.text.TextAutomaton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tags of a format that writes parameters between tags. Immutable. */
final class TagGrammar {
  /** The placeholder for the parameter's name in its end tag. */
  private static final String KEY = "KEY";

  /**
   * The tags around one parameter's value.
   *
   * @param begin the tag before the value; without the parameter's name if the end tag has none
   * @param end the end tag
   * @param terminators the tags that may end the value, and those that begin the next call
   * @param between the tags that may follow the value, or its end tag
   */
  record ValueTags(String begin, String end, TextAutomaton terminators, List<String> between) {}

  /** The text before a parameter's name. */
  final String keyTag;

  /** The tokens between a parameter's name and its value. With attributes, the first ends a tag. */
  final List<String> keyEnds;

  /** The text after the function's name. With attributes, the end of the tag. */
  final String nameEnd;

  /** Whether the name is an attribute, which other attributes may follow. */
  final boolean attributes;

  /** Whether a line break before the end tag belongs to the tag. */
  final boolean lines;

  /** Whether a line break before the value belongs to the tag in front of it. */
  final boolean breaks;

  /** Whether the end tag repeats the parameter's name, so that a name may be any tag. */
  final boolean repeatsKey;

  /** The tags that may follow a parameter. */
  final List<String> following = new ArrayList<>();

  private final ToolCallFormat format;
  private final ValueTags tags;

  TagGrammar(ToolCallFormat format) {
    this.format = format;
    keyTag = format.markers.key.strip();
    List<String> ends = new ArrayList<>(format.markers.tokens(format.markers.keyEnd));
    if (ends.isEmpty()) {
      ends.add(">");
    } else if (keyTag.endsWith("\"")) {
      ends.set(0, afterAttributes(ends.get(0)));
    }
    keyEnds = List.copyOf(ends);
    attributes = format.markers.nameEnd.contains("\"");
    nameEnd =
        (attributes ? afterAttributes(format.markers.nameEnd) : format.markers.nameEnd).strip();
    lines = format.markers.valueEnd.startsWith("\n");
    breaks = format.markers.keyEnd.endsWith("\n");
    repeatsKey = format.markers.valueEnd.contains(KEY);
    following.add(keyTag);
    following.addAll(format.closings);
    format.openings.forEach(tokens -> following.add(tokens.get(0)));
    tags = valueTags(KEY);
  }

  private static String afterAttributes(String text) {
    return text.substring(Math.max(text.lastIndexOf('<'), text.lastIndexOf('"') + 1));
  }

  /** Returns the tags around the value of a parameter. */
  ValueTags tags(String parameter) {
    return repeatsKey ? valueTags(parameter) : tags;
  }

  private ValueTags valueTags(String parameter) {
    String end = format.markers.valueEnd.replace(KEY, parameter).strip();
    List<String> terminators = new ArrayList<>(format.closings);
    terminators.add(end);
    format.openings.forEach(tokens -> terminators.add(tokens.get(0)));
    String begin = repeatsKey ? keyTag + parameter + keyEnds.get(0) : keyTag;
    terminators.add(begin);
    List<String> between = new ArrayList<>(following);
    between.add(end);
    return new ValueTags(begin, end, new TextAutomaton(terminators), between);
  }

  /** Returns whether a tag begins a call. */
  boolean isOpening(String tag) {
    return format.openings.stream().anyMatch(tokens -> tokens.get(0).equals(tag));
  }

  /**
   * Returns whether a text begins with the tag of a key. If the end tag repeats the key, the text
   * may instead begin another tag.
   */
  boolean isKeyTag(HeldTag begun) {
    return repeatsKey && begun.toString().startsWith(keyTag);
  }

  /**
   * Returns whether a text may continue as a parameter's name and what follows it.
   *
   * @param part the index in {@link #keyEnds} of the token that follows
   */
  boolean isKeyBegun(String text, int part) {
    String end = keyEnds.get(part);
    int tag = part == 0 ? text.indexOf('<') : 0;
    boolean begun = tag < 0 || end.startsWith(text.substring(tag));
    return begun && text.indexOf('\n') < 0 && text.length() <= CallBody.MAX_NAME;
  }

  /** Returns whether an end tag of the call has begun that is not the beginning of another tag. */
  boolean isEndBegun(String begun) {
    return !begun.isEmpty()
        && format.closings.stream().anyMatch(tag -> tag.startsWith(begun))
        && !keyTag.startsWith(begun)
        && !tags.end().startsWith(begun)
        && format.openings.stream().noneMatch(tokens -> tokens.get(0).startsWith(begun));
  }

  /** Returns a name without the quotes around it. */
  static String unquoted(String name) {
    String text = name.strip();
    while (text.length() > 1 && (text.endsWith("\"") || text.endsWith("'"))) {
      text = text.substring(0, text.length() - 1);
    }
    return text.startsWith("\"") || text.startsWith("'") ? text.substring(1) : text;
  }

  /** Returns the name of a parameter without the attributes that may follow it. */
  String parameterName(String text) {
    int quote = keyTag.endsWith("\"") ? text.indexOf('"') : -1;
    return unquoted(quote < 0 ? text : text.substring(0, quote));
  }

  /** Returns the kind that the attributes of a parameter declare; null if they declare none. */
  static ParameterTypes.@Nullable Kind declaredKind(String attributes) {
    if (attributes.contains("string=\"true\"") || attributes.contains("type=\"string\"")) {
      return ParameterTypes.Kind.STRING;
    }
    boolean typed = attributes.contains("string=\"") || attributes.contains("type=\"");
    return typed ? ParameterTypes.Kind.JSON : null;
  }
}
