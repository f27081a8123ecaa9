package io.github.openaikserve.chat.format;

import java.util.ArrayList;
import java.util.List;

/** A builder for the markers of a {@link ToolCallFormat}. Not thread-safe. */
public final class CallMarkers implements Cloneable {
  String name;
  final ToolCallFormat.Style style;
  final String begin;
  final String end;
  String nameEnd = "";
  String key = "";
  String keyEnd = "";
  String valueEnd = "";
  String namePrefix = "";
  String readPrefix = "";
  String objectBegin = "{\"name\": \"";
  String objectMiddle = "\", \"arguments\":";
  String quote = "";
  String idEnd = "";
  String numbered = "";
  String contentName = "";
  boolean bare;
  List<String> alsoBegins = List.of();
  List<String> alsoEnds = List.of();
  List<String> alsoNameEnds = List.of();
  List<String> signs = List.of();

  CallMarkers(String name, ToolCallFormat.Style style, String begin, String end) {
    this.name = name;
    this.style = style;
    this.begin = begin;
    this.end = end;
  }

  /**
   * Sets the text after a name. A format of JSON objects with this text also writes a name before
   * the object.
   */
  CallMarkers nameEnd(String text) {
    nameEnd = text;
    return this;
  }

  /** Sets the text between an id that precedes the name, and the name. */
  public CallMarkers idEnd(String text) {
    idEnd = text;
    return this;
  }

  /**
   * Sets the text before the number of a call, which counts the calls of the conversation from 0.
   */
  public CallMarkers numbered(String text) {
    numbered = text;
    return this;
  }

  /**
   * Sets the name after which the text is content. Each name then ends at its line, and the prompt
   * may open a call.
   */
  public CallMarkers contentName(String name) {
    contentName = name;
    return this;
  }

  CallMarkers quote(String token) {
    quote = token;
    return this;
  }

  /** Sets the text before, between and after the name and the value of a parameter. */
  public CallMarkers parameter(String key, String keyEnd, String valueEnd) {
    this.key = key;
    this.keyEnd = keyEnd;
    this.valueEnd = valueEnd;
    return this;
  }

  /** Sets the text between {@code begin} and the name that is not part of the name. */
  public CallMarkers namePrefix(String prefix) {
    namePrefix = prefix;
    readPrefix = prefix;
    return this;
  }

  /** Sets a text before the name that is accepted but not generated. */
  CallMarkers readPrefix(String prefix) {
    readPrefix = prefix;
    return this;
  }

  /** Sets other texts that may end a name. */
  public CallMarkers alsoNameEnds(String... texts) {
    alsoNameEnds = List.of(texts);
    return this;
  }

  /** Sets other markers that open a call. */
  public CallMarkers alsoBegins(String... markers) {
    alsoBegins = List.of(markers);
    return this;
  }

  /** Sets other markers that may follow a call. */
  public CallMarkers alsoEnds(String... markers) {
    alsoEnds = List.of(markers);
    return this;
  }

  /**
   * Sets how a JSON object is written.
   *
   * @param begin the text before the name
   * @param middle the text between the name and the arguments
   */
  public CallMarkers object(String begin, String middle) {
    objectBegin = begin;
    objectMiddle = middle;
    return this;
  }

  /**
   * Sets texts by which this format is recognized in a chat template that does not render tool
   * calls.
   */
  public CallMarkers signs(String... texts) {
    signs = List.of(texts);
    return this;
  }

  /** Allows a call of a known function without a marker. */
  public CallMarkers bare() {
    bare = true;
    return this;
  }

  /**
   * Returns whether ordinary text may contain a marker, so that only the name of a known function
   * identifies a tool call: a word, a code fence, the tag that contains the name, or a marker that
   * also precedes content.
   */
  boolean isOrdinary(String marker) {
    boolean word = !marker.isEmpty() && marker.codePoints().noneMatch(MarkerTokens::isMarkup);
    boolean named = style == ToolCallFormat.Style.TAGS || style == ToolCallFormat.Style.NAMED;
    boolean inTag = named && marker.lastIndexOf('<') > marker.lastIndexOf('>');
    return word || inTag || !contentName.isEmpty();
  }

  /** Returns the tokens of a marker text. */
  List<String> tokens(String text) {
    boolean tags = style == ToolCallFormat.Style.TAGS || style == ToolCallFormat.Style.NAMED;
    return MarkerTokens.of(text, tags);
  }

  /** Returns the markers that open a tool call, each with the tokens that must follow it. */
  List<List<String>> openings() {
    List<List<String>> all = new ArrayList<>();
    List<String> first = tokens(begin);
    for (int i = 0; i < first.size(); i++) {
      all.add(first.subList(i, first.size()));
    }
    alsoBegins.forEach(marker -> all.add(tokens(marker)));
    if (bare) {
      all.add(List.of("{"));
      all.add(List.of("["));
    }
    return List.copyOf(all);
  }

  /** Returns the tokens that may follow a tool call. */
  List<String> closings() {
    List<String> ends = new ArrayList<>(tokens(end));
    ends.addAll(alsoEnds);
    if (bare) {
      ends.addAll(List.of(";", ","));
    }
    return List.copyOf(ends);
  }

  /** Returns the texts that may end a name. */
  List<String> nameEnds() {
    int marker = nameEnd.indexOf('<');
    List<String> ends = new ArrayList<>(alsoNameEnds);
    ends.add(marker > 0 ? nameEnd.substring(marker).strip() : nameEnd.strip());
    return ends;
  }

  /** Returns a copy of these markers with another name. */
  CallMarkers named(String other) {
    try {
      CallMarkers copy = (CallMarkers) clone();
      copy.name = other;
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Builds the format. */
  public ToolCallFormat format() {
    return new ToolCallFormat(named(name));
  }
}
