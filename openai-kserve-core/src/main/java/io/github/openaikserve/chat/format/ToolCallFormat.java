package io.github.openaikserve.chat.format;

import io.github.openaikserve.chat.format.JsonBody.Strictness;
import io.github.openaikserve.internal.literal.ParameterTypes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A format in which a model writes tool calls into its text, described by markers. Immutable.
 *
 * <p>The built-in formats are in {@link ToolCallFormats}. Applications describe other formats with
 * {@link #json}, {@link #named}, {@link #tags}, {@link #python} or {@link #literal}.
 */
public final class ToolCallFormat {
  /** The grammar between the markers. */
  enum Style {
    /** A JSON object with name and arguments, or a list of such objects. */
    JSON,
    /** The name, then the arguments as a JSON object. */
    NAMED,
    /** The name, then each parameter with its name and its value between tags. */
    TAGS,
    /** Calls in Python syntax. */
    PYTHON,
    /** The name, then the arguments in braces, with unquoted keys and a token as the quote. */
    LITERAL,
    /** Messages to functions on gpt-oss's channels. */
    HARMONY
  }

  final CallMarkers markers;

  /** The markers that open a tool call, each with the tokens that must follow it. */
  final List<List<String>> openings;

  /** The tokens that may follow a tool call and are then removed from the text. */
  final List<String> closings;

  private final @Nullable TagGrammar tags;

  ToolCallFormat(CallMarkers markers) {
    this.markers = markers;
    openings = markers.openings();
    closings = markers.closings();
    tags = markers.style == Style.TAGS ? new TagGrammar(this) : null;
  }

  /**
   * Describes a format whose calls are JSON objects with the fields {@code name} and {@code
   * arguments}, one or a list of them.
   *
   * @param begin the text before the object, with the bracket of a list
   * @param end the text after it
   */
  public static CallMarkers json(String name, String begin, String end) {
    return new CallMarkers(name, Style.JSON, begin, end);
  }

  /**
   * Describes a format of a name and its arguments as a JSON object.
   *
   * @param begin the text before the name
   * @param nameEnd the text between name and object
   * @param end the text after the object
   */
  public static CallMarkers named(String name, String begin, String nameEnd, String end) {
    return new CallMarkers(name, Style.NAMED, begin, end).nameEnd(nameEnd);
  }

  /**
   * Describes a format that writes each parameter between tags, its value without quotes.
   *
   * @param begin the text before the name of the function
   * @param nameEnd the text after it
   * @param end the text after the last parameter
   */
  public static CallMarkers tags(String name, String begin, String nameEnd, String end) {
    return new CallMarkers(name, Style.TAGS, begin, end).nameEnd(nameEnd);
  }

  /**
   * Describes a format with calls in Python syntax.
   *
   * @param begin the text before the first call, with the bracket of a list
   * @param end the text after the last call
   */
  public static CallMarkers python(String name, String begin, String end) {
    return new CallMarkers(name, Style.PYTHON, begin, end).nameEnd("(");
  }

  /**
   * Describes a format with a name and arguments in braces with unquoted keys.
   *
   * @param quote the token on both sides of a string
   */
  public static CallMarkers literal(String name, String begin, String end, String quote) {
    return new CallMarkers(name, Style.LITERAL, begin, end).nameEnd("{").quote(quote);
  }

  /** Returns the name for logs, messages and configuration, such as {@code hermes}. */
  public String name() {
    return markers.name;
  }

  /** Returns {@link #opening(String, int)} for a conversation without calls. */
  public Optional<String> opening(@Nullable String function) {
    return opening(function, 0);
  }

  /**
   * Returns the text with which a tool call begins. If an answer is forced to begin with it, the
   * model must make a call. The parser then receives this text first.
   *
   * @param function the function that must be called; null for any function
   * @param earlier the number of calls in the conversation, which some formats count
   * @return empty if calls have no marker and thus no such beginning
   */
  public Optional<String> opening(@Nullable String function, int earlier) {
    return new CallWriter(this).opening(function, earlier);
  }

  /** Returns whether a prompt ends with the marker of a call, so that answers begin after it. */
  boolean isOpenAfter(String prompt) {
    return addressesContent() && prompt.endsWith(markers.begin);
  }

  /** Returns the part of an opening that the prompt does not have yet. */
  public String afterPrompt(String prompt, String opening) {
    return isOpenAfter(prompt) ? opening.substring(markers.begin.length()) : opening;
  }

  /** Returns whether content has a marker too, so that answers without tools must be parsed. */
  public boolean addressesContent() {
    return !markers.contentName.isEmpty();
  }

  /**
   * Returns the text that ends an answer of one call whose arguments are a JSON object after {@link
   * #opening} of its function. Servers with constrained decoding are asked to generate exactly
   * that.
   *
   * @return empty if the arguments are not written as JSON
   */
  public Optional<String> closing() {
    return switch (markers.style) {
      case JSON -> Optional.of("}" + markers.end);
      case NAMED, HARMONY -> Optional.of(markers.end);
      default -> Optional.empty();
    };
  }

  /**
   * Returns a tool call in the model's format.
   *
   * @param arguments the arguments by name; a string if they are not JSON
   */
  public String write(String function, Object arguments) {
    return new CallWriter(this).write(function, arguments);
  }

  /** Returns a one-line pattern of a call in this format, with placeholders. */
  public String pattern() {
    return new CallWriter(this).pattern();
  }

  /**
   * Returns a format with the same markers in which the call is a JSON object. The parser also
   * accepts it, and servers with constrained decoding can enforce it.
   */
  public ToolCallFormat constrainable() {
    if (closing().isPresent()) {
      return this;
    }
    String marker = openings.isEmpty() ? "" : openings.get(0).get(0);
    String last = closings.isEmpty() ? "" : closings.get(closings.size() - 1);
    boolean line = markers.begin.contains("\n") || markers.end.contains("\n");
    return markers.bare
        ? json(markers.name, "", "").bare().object("{\"name\": \"", "\", \"parameters\":").format()
        : json(markers.name, marker + (line ? "\n" : ""), (line ? "\n" : "") + last).format();
  }

  /**
   * Returns the grammar of the text after a marker.
   *
   * @param marker the marker; empty for a call without one
   * @param first the first character after it that is not white space
   */
  CallBody body(CallBody.Target target, String marker, ParameterTypes tools, char first) {
    List<String> opening = List.of();
    for (List<String> tokens : openings) {
      opening = tokens.get(0).equals(marker) ? tokens : opening;
    }
    boolean unmarked = markers.bare && marker.isEmpty();
    boolean known = marker.isEmpty() || isOrdinary(marker);
    Predicate<String> functions = known ? tools::isKnown : CallBody::isName;
    boolean object = first == '{' || first == '[';
    return switch (markers.style) {
      case JSON -> {
        if (markers.bare
            && !unmarked
            && Character.isLetter(first)) { // get_weather.call(city="Bern")
          yield new PythonBody(target, this, opening, tools, true);
        }
        yield object || markers.nameEnd.isEmpty()
            ? new JsonBody(target, this, opening, tools, strictness(known, marker))
            : new NamedBody(target, this, opening, tools, known);
      }
      case PYTHON ->
          first == '{'
              ? new JsonBody(target, this, opening, tools, strictness(known, marker))
              : new PythonBody(target, this, opening, tools, known);
      case TAGS ->
          object
              ? new JsonBody(target, this, List.of(), tools, strictness(known, ""))
              : new TagBody(target, this, Objects.requireNonNull(tags), opening, tools, functions);
      case LITERAL ->
          object
              ? new JsonBody(target, this, opening, tools, strictness(known, marker))
              : new LiteralBody(target, this, opening, functions);
      case NAMED, HARMONY ->
          object
              ? new JsonBody(target, this, List.of(), tools, strictness(known, ""))
              : new NamedBody(target, this, opening, tools, known);
    };
  }

  private static Strictness strictness(boolean known, String marker) {
    if (known) {
      return Strictness.BARE;
    }
    return marker.isEmpty() ? Strictness.STRICT : Strictness.MARKED;
  }

  /** Returns whether only the name of a known function identifies a tool call after a marker. */
  boolean isOrdinary(String marker) {
    return markers.isOrdinary(marker);
  }

  /**
   * Returns whether a text that describes the format to the model contains the markers of this
   * format.
   */
  public boolean isShownIn(String text) {
    if (!markers.signs.isEmpty()) {
      return markers.signs.stream().allMatch(text::contains);
    }
    List<String> ends = markers.tokens(markers.end);
    boolean object =
        markers.style != Style.JSON || text.contains("arguments") || text.contains("parameters");
    return object
        && !markers.bare
        && markers.tokens(markers.begin).stream().allMatch(text::contains)
        && text.contains(markers.key.strip())
        && (ends.isEmpty() || text.contains(ends.get(0)));
  }

  /** Returns whether calls of both formats are the same text. */
  public boolean isWrittenAs(ToolCallFormat other) {
    return pattern().equals(other.pattern());
  }

  /**
   * Returns whether this format has the markers of another format, which may have additional ones
   * before and after a call.
   */
  public boolean hasMarkersOf(ToolCallFormat other) {
    List<String> begins = markers.tokens(markers.begin);
    List<String> otherBegins = other.markers.tokens(other.markers.begin);
    List<String> ends = markers.tokens(markers.end);
    List<String> otherEnds = other.markers.tokens(other.markers.end);
    int first = otherBegins.size() - begins.size();
    return markers.style == other.markers.style
        && markers.bare == other.markers.bare
        && first >= 0
        && otherBegins.subList(first, otherBegins.size()).equals(begins)
        && ends.size() <= otherEnds.size()
        && otherEnds.subList(0, ends.size()).equals(ends)
        && markers.key.strip().equals(other.markers.key.strip())
        && (markers.style != Style.NAMED
            || other.markers.nameEnd.strip().endsWith(markers.nameEnd.strip()));
  }

  /** Returns whether a marker is the first character of a call without a marker. */
  boolean isBare(String marker) {
    return markers.bare && marker.length() == 1;
  }

  /** Returns a format with the same markers and another name. */
  ToolCallFormat named(String other) {
    return markers.named(other).format();
  }

  @Override
  public String toString() {
    return markers.name;
  }
}
