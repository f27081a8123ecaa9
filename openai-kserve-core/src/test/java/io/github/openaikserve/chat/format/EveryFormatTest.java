package io.github.openaikserve.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same answers in every format of tool calls, each whole and in pieces of 1 and 3 characters.
 */
final class EveryFormatTest {
  private static final Map<String, String> TYPES = new LinkedHashMap<>();

  static {
    TYPES.put("text", "string");
    TYPES.put("count", "integer");
    TYPES.put("share", "number");
    TYPES.put("flag", "boolean");
    TYPES.put("nothing", "null");
    TYPES.put("list", "array");
    TYPES.put("object", "object");
  }

  private static final List<ChatCompletionTool> TOOLS = List.of(tool("first"), tool("second"));
  private static final ReasoningFormat THINK = ReasoningFormats.THINK;
  private static final int LONG = 1 << 14;
  private static final int MEGABYTE = 1 << 20;

  private static ChatCompletionTool tool(String name) {
    Map<String, Object> properties = new LinkedHashMap<>();
    TYPES.forEach((key, type) -> properties.put(key, Map.of("type", type)));
    return ChatCompletionTool.function(
        name, null, Map.of("type", "object", "properties", properties));
  }

  static Stream<ToolCallFormat> formats() {
    return ToolCallFormats.all().stream();
  }

  /** Formats whose calls are marked, so that they are found within reasoning. */
  static Stream<ToolCallFormat> marked() {
    return formats().filter(format -> !format.markers.bare);
  }

  static Stream<Arguments> values() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("text", "a \"quoted\" word, <b>é</b> \\ 12\nand a line");
    values.put("count", 7L);
    values.put("share", 1.5);
    values.put("flag", false);
    values.put("nothing", null);
    values.put("list", List.of("x", 1L, List.of()));
    values.put("object", Map.of("deep", Map.of("er", List.of(true))));
    return formats()
        .flatMap(
            f -> values.entrySet().stream().map(v -> Arguments.of(f, v.getKey(), v.getValue())));
  }

  private static ParsedAnswer parse(ToolCallFormat format, String text) {
    return parse(new ModelFormat(null, format), "", text);
  }

  private static ParsedAnswer parse(ModelFormat format, String prompt, String text) {
    ParsedAnswer whole = ParsedAnswer.of(format.parser(prompt, TOOLS), List.of(text));
    for (int length : new int[] {1, 3}) {
      List<String> pieces = new ArrayList<>();
      for (int from = 0; from < text.length(); from += length) {
        pieces.add(text.substring(from, Math.min(text.length(), from + length)));
      }
      assertThat(ParsedAnswer.of(format.parser(prompt, TOOLS), pieces).parts())
          .as("in pieces of %d", length)
          .isEqualTo(whole.parts());
    }
    return whole;
  }

  private static void assertCall(ParsedAnswer answer, int index, String name, Object arguments) {
    assertThat(answer.calls.get(index).name()).isEqualTo(name);
    assertThat(JsonCodec.readValue(answer.calls.get(index).arguments())).contains(arguments);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void oneCall(ToolCallFormat format) {
    ParsedAnswer answer = parse(format, format.write("first", Map.of("text", "Paris")));

    assertCall(answer, 0, "first", Map.of("text", "Paris"));
    assertThat(answer.parts()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void twoCalls(ToolCallFormat format) {
    String text =
        format.write("first", Map.of("count", 1)) + "\n" + format.write("second", Map.of());

    ParsedAnswer answer = parse(format, text);

    assertCall(answer, 0, "first", Map.of("count", 1L));
    assertCall(answer, 1, "second", Map.of());
    assertThat(answer.parts()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aCallInTheJsonFormThatServersEnforce(ToolCallFormat format) {
    ToolCallFormat json = format.constrainable();
    String call = json.write("first", Map.of("text", "Paris"));
    int object = call.indexOf('{');
    int end = call.lastIndexOf('}') + 1;
    String before = call.substring(0, object);
    String after = call.substring(end);
    String one = call.substring(object, end);

    assertCall(parse(format, call), 0, "first", Map.of("text", "Paris"));
    assertThat(parse(format, call).parts()).hasSize(1);
    if (json != format) {
      String list = before + "[" + one + ", " + one + "]" + after + "\nDone.";
      assertThat(parse(format, list).calls).hasSize(2);
      assertThat(parse(format, list).parts()).hasSize(3).last().isEqualTo("content:Done.");
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueOfEachType(ToolCallFormat format, String key, @Nullable Object value) {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    arguments.put(key, value);
    arguments.put("count", 2L);
    if (key.equals("count")) {
      arguments.put(key, value);
    }

    ParsedAnswer answer = parse(format, format.write("first", arguments));

    assertThat(answer.calls).hasSize(1);
    assertCall(answer, 0, "first", arguments);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aCallAfterTextAndTextAfterACall(ToolCallFormat format) {
    String call = format.write("first", Map.of("count", 1));

    ParsedAnswer answer = parse(format, "I will look.\n\n" + call + "\n\nDone.");

    assertThat(answer.parts()).hasSize(3);
    assertThat(answer.parts().get(0)).isEqualTo("content:I will look.");
    assertCall(answer, 0, "first", Map.of("count", 1L));
    assertThat(answer.parts().get(2)).isEqualTo("content:Done.");
  }

  @ParameterizedTest
  @MethodSource("marked")
  void aCallInOpenReasoning(ToolCallFormat format) {
    String call = format.write("first", Map.of("count", 1));

    ParsedAnswer answer =
        parse(new ModelFormat(THINK, format), "<think>\n", "I will look.\n" + call);

    assertThat(answer.reasoning.toString()).isEqualTo("I will look.");
    assertCall(answer, 0, "first", Map.of("count", 1L));
    assertThat(answer.parts()).hasSize(2);
  }

  /** Formats without an enclosing marker, whose calls cannot be told from text in reasoning. */
  static Stream<ToolCallFormat> bare() {
    return formats().filter(format -> format.markers.bare);
  }

  @ParameterizedTest
  @MethodSource("bare")
  void aCallWithoutAMarkerInOpenReasoningIsReasoning(ToolCallFormat format) {
    String first = format.openings.get(format.openings.size() - 1).get(0);
    assertThat(first).isEqualTo("[");
    for (String call :
        List.of(
            "{\"name\": \"first\", \"parameters\": {\"count\": 1}}",
            "[{\"name\": \"first\", \"arguments\": {\"count\": 1}}]",
            "[first(count=1)]")) {
      ParsedAnswer answer =
          parse(new ModelFormat(THINK, format), "<think>\n", "I will look.\n" + call + " so");

      assertThat(answer.parts()).containsExactly("reasoning:I will look.\n" + call + " so");
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void textBetweenTwoCalls(ToolCallFormat format) {
    String text =
        format.write("first", Map.of("count", 1))
            + "\n\nNow the second.\n\n"
            + format.write("second", Map.of("count", 2));

    ParsedAnswer answer = parse(format, text);

    assertCall(answer, 0, "first", Map.of("count", 1L));
    assertCall(answer, 1, "second", Map.of("count", 2L));
    assertThat(answer.parts()).hasSize(3);
    assertThat(answer.parts().get(1)).isEqualTo("content:Now the second.");
  }

  /** What a client has joined at any time is the beginning of the arguments of the whole answer. */
  @ParameterizedTest
  @MethodSource("values")
  void streamedArgumentsAreABeginningOfTheWholeArguments(
      ToolCallFormat format, String key, @Nullable Object value) {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    arguments.put(key, value);
    arguments.put("text", "Paris");
    String text =
        "I look. " + format.write("first", arguments) + "\n" + format.write("second", arguments);
    List<ParsedAnswer.Call> whole = parse(format, text).calls;
    assertThat(whole).hasSize(2);
    var random = new Random(format.name().hashCode() * 31L + key.hashCode());
    for (int round = 0; round < 5; round++) {
      assertBeginnings(format, text, whole, random);
    }
  }

  private static void assertBeginnings(
      ToolCallFormat format, String text, List<ParsedAnswer.Call> whole, Random random) {
    var answer = new ParsedAnswer();
    AnswerParser parser = new ModelFormat(null, format).parser("", TOOLS);
    for (int from = 0, to; from < text.length(); from = to) {
      to = Math.min(text.length(), from + 1 + random.nextInt(12));
      parser.next(text.substring(from, to), answer);
      int open = answer.begun.size() - 1;
      if (open >= 0) {
        assertThat(whole.get(open).arguments()).startsWith(answer.lastArguments());
      }
    }
    parser.end(answer, false);
    assertThat(answer.calls).isEqualTo(whole);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aCallThatIsCutOffIsTextAndNeverACallWithLess(ToolCallFormat format) {
    String call = format.write("first", Map.of("text", "Paris", "count", 12));
    Object whole = JsonCodec.readValue("{\"text\": \"Paris\", \"count\": 12}").orElseThrow();
    for (int end = 1; end < call.length(); end++) {
      var answer = new ParsedAnswer();
      AnswerParser parser = new ModelFormat(null, format).parser("", TOOLS);
      parser.next(call.substring(0, end), answer);
      parser.end(answer, true);

      for (ParsedAnswer.Call made : answer.calls) {
        assertThat(JsonCodec.readValue(made.arguments())).as("cut at %d", end).contains(whole);
      }
      if (answer.calls.isEmpty()) {
        assertThat(answer.content.toString().strip()).isEqualTo(call.substring(0, end).strip());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void markupThatIsMentionedIsText(ToolCallFormat format) {
    for (List<String> opening : format.openings) {
      String text = "The marker " + opening.get(0) + " begins a call, as you see.";

      assertThat(parse(format, text).parts()).containsExactly("content:" + text);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void markupThatIsMentionedWithANameIsText(ToolCallFormat format) {
    for (List<String> opening : format.openings) {
      for (String name : List.of("x", "example_function", "first")) {
        for (String end : List.of(">", "\">", "/>", "]", ")", "}", "\n", "\n\n")) {
          String text = "Use `" + String.join("", opening) + name + end + "` to call, as you see.";

          ParsedAnswer answer = parse(format, text);

          assertThat(answer.parts()).containsExactly("content:" + text);
          assertThat(answer.begun).as(text).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aQuotedCallOfAnUnknownFunctionIsTextUnlessItsMarkerIsCertain(ToolCallFormat format) {
    String call = format.write("example_function", Map.of("text", "x"));
    for (List<String> opening : format.openings) {
      int from = call.indexOf(opening.get(0));
      if (format.isOrdinary(opening.get(0)) && from >= 0) {
        String text = "For example: `" + call.substring(from).strip() + "` calls it.";

        ParsedAnswer answer = parse(format, text);

        assertThat(answer.begun).as(text).isEmpty();
        assertThat(answer.content.toString()).isEqualTo(text);
      }
    }
  }

  /** Texts in which a word or a code fence precedes JSON or code that is not a tool call. */
  static Stream<Arguments> fences() {
    List<String> texts =
        List.of(
            "Here is the JSON:\n%s\n{\"name\": \"Tom\"}\n```",
            "%s\n[{\"name\": \"Tom\"}, {\"name\": \"Ann\"}]\n```\nDone.",
            "%s\n{\"name\": \"Tom\", \"id\": \"7\", \"type\": \"person\"}\n```",
            "%s\n{\"name\": \"my-chart\", \"parameters\": {\"replicas\": 2}}\n```",
            "%s\n{\"name\": \"first\"}\n```",
            "%s\n{\"function\": \"f(x)\", \"id\": 3}\n```",
            "%s\nmy-chart {\"replicas\": 2}\n```",
            "%s\npip(install=\"x\")\n```",
            "The module %s {\"name\": \"cache\"} is known.",
            "The module %s [{\"name\": \"cache\", \"arguments\": {}}] is known.");
    Stream<ToolCallFormat> derived =
        Stream.of("```json\n", "functools", "Action: ", "### Tool\n", "✿✿✿ Call: ")
            .flatMap(
                begin ->
                    Stream.of(
                            ToolCallFormat.json("derived", begin, ""),
                            ToolCallFormat.named("derived", begin, "\nInput: ", "\n"),
                            ToolCallFormat.python("derived", begin, ""),
                            ToolCallFormat.tags("derived", begin, "\n", "\n```")
                                .parameter("<p=", ">", "</p>"))
                        .map(CallMarkers::format));
    return Stream.concat(formats(), derived)
        .flatMap(
            f ->
                f.openings.stream()
                    .map(opening -> opening.get(0))
                    .filter(marker -> marker.length() > 1 && f.isOrdinary(marker))
                    .flatMap(
                        marker ->
                            texts.stream().map(text -> Arguments.of(f, text.formatted(marker)))));
  }

  @ParameterizedTest
  @MethodSource("fences")
  void anUnknownFunctionAfterAWordOrACodeFenceIsText(ToolCallFormat format, String text) {
    ParsedAnswer answer = parse(format, text);

    assertThat(answer.begun).isEmpty();
    assertThat(answer.content.toString()).isEqualTo(text);
  }

  static Stream<ToolCallFormat> tags() {
    return formats().filter(format -> format.markers.style == ToolCallFormat.Style.TAGS);
  }

  @ParameterizedTest
  @MethodSource("tags")
  void aValueWithoutItsEndTagEndsWithItsCall(ToolCallFormat format) {
    for (Map<String, Object> arguments :
        List.<Map<String, Object>>of(Map.of("text", "Paris"), Map.of("count", 12L))) {
      String key = arguments.keySet().iterator().next();
      String call =
          format.write("first", arguments).replace(format.markers.valueEnd.replace("KEY", key), "");
      String begun = call.substring(0, call.length() - format.markers.end.length());

      assertCall(parse(format, call), 0, "first", arguments);
      assertThat(parse(format, call).parts()).hasSize(1);
      assertThat(parse(format, call + "\n" + call).calls).hasSize(2);
      assertThat(parse(format, call + "\nDone.").parts())
          .hasSize(2)
          .last()
          .isEqualTo("content:Done.");
      for (String closing : format.closings) {
        assertCall(parse(format, begun + closing), 0, "first", arguments);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aValueThatContainsMarkersIsWhole(ToolCallFormat format) {
    List<String> markers = new ArrayList<>(format.closings);
    markers.add(format.markers.end.strip());
    format.openings.forEach(markers::addAll);
    for (List<String> opening : format.openings) {
      String call = String.join("", opening) + "x" + format.markers.end.strip();
      markers.add(call + " and " + call);
    }
    markers.add(format.markers.key.strip());
    markers.add(format.markers.key + "other" + format.markers.keyEnd);
    markers.add(format.markers.key + "text" + format.markers.keyEnd);
    for (String marker : markers) {
      for (String value : List.of("see %s tag", "see\n%s\ntag", "%s tag", "see %s", "%1$s%1$s x")) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("text", value.formatted(marker));
        arguments.put("count", 1L);

        ParsedAnswer answer = parse(format, format.write("first", arguments) + "\nDone.");

        assertThat(answer.calls).as("%s", arguments).hasSize(1);
        assertCall(answer, 0, "first", arguments);
      }
    }
  }

  /** Of several formats with the same markers, the first. */
  static Stream<ToolCallFormat> differentFormats() {
    Map<List<Object>, ToolCallFormat> different = new LinkedHashMap<>();
    formats().forEach(f -> different.putIfAbsent(List.of(f.pattern(), f.openings, f.closings), f));
    return different.values().stream();
  }

  @ParameterizedTest
  @MethodSource("differentFormats")
  void aLongTextOfAnyMarkerIsReadInLinearWork(ToolCallFormat format) {
    markers(format).forEach(marker -> assertLinear(format, marker.repeat(LONG / marker.length())));
  }

  @ParameterizedTest
  @MethodSource("differentFormats")
  @Tag("slow")
  void aMegabyteOfAnyMarkerIsReadInLinearWork(ToolCallFormat format) {
    markers(format)
        .forEach(marker -> assertLinear(format, marker.repeat(MEGABYTE / marker.length())));
  }

  private static Set<String> markers(ToolCallFormat format) {
    Set<String> markers = new LinkedHashSet<>();
    if (format.markers.bare) {
      markers.addAll(List.of("{\"name\": \"", "[first("));
    }
    format.openings.forEach(opening -> markers.addAll(opening));
    markers.addAll(format.closings);
    markers.add(format.markers.key);
    markers.add(format.opening("first").orElse(""));
    markers.remove("");
    return markers;
  }

  static Stream<ReasoningFormat> differentReasoning() {
    Map<String, ReasoningFormat> different = new LinkedHashMap<>();
    ReasoningFormats.all().forEach(format -> different.putIfAbsent(format.pattern(), format));
    return different.values().stream();
  }

  @ParameterizedTest
  @MethodSource("differentReasoning")
  void aLongTextOfAnyMarkerOfReasoningIsReadInLinearWork(ReasoningFormat format) {
    var model = new ModelFormat(format, ToolCallFormats.HERMES);
    for (String marker : model.markers().keySet()) {
      assertLinear(model, marker.repeat(LONG / marker.length()));
    }
  }

  @ParameterizedTest
  @MethodSource("differentReasoning")
  @Tag("slow")
  void aMegabyteOfAnyMarkerOfReasoningIsReadInLinearWork(ReasoningFormat format) {
    var model = new ModelFormat(format, ToolCallFormats.HERMES);
    for (String marker : model.markers().keySet()) {
      assertLinear(model, marker.repeat(MEGABYTE / marker.length()));
    }
  }

  @Test
  void callsThatBeginInCallsThatEndLateAreReadInLinearWork() {
    String late = "[first(text=\"x[first(text='x".repeat(140) + ")\n";

    assertLinear(
        ToolCallFormats.byName("pythonic").orElseThrow(), late.repeat(LONG / late.length()));
  }

  private static void assertLinear(ToolCallFormat format, String text) {
    assertLinear(new ModelFormat(THINK, format), text);
  }

  private static void assertLinear(ModelFormat format, String text) {
    AnswerParser parser = format.parser("", TOOLS);
    parser.next(text, new Ignored());
    parser.end(new Ignored(), false);

    assertThat(parser.steps()).as(text.substring(0, 50)).isLessThan(18L * text.length());
  }

  @Test
  void noMarkerOfAFormatIsTheBeginningOfAnother() {
    for (ToolCallFormat format : ToolCallFormats.all()) {
      for (ReasoningFormat reasoning : ReasoningFormats.all()) {
        List<String> markers = List.copyOf(new ModelFormat(reasoning, format).markers().keySet());
        for (String marker : markers) {
          assertThat(markers.stream().filter(m -> m.startsWith(marker) && marker.length() > 1))
              .as("%s with %s", format, reasoning)
              .hasSizeLessThanOrEqualTo(1);
        }
      }
    }
  }

  @Test
  void argumentsAreNeverAnythingButJson() {
    List<String> wrong =
        Arrays.asList(
            "{\"text\": \"a\",}",
            "{text: True}",
            "{\"text\" \"a\"}",
            "{\"text\": \"a\nb\"}",
            "{\"text\": \"C:\\dir\"}",
            "{\"a\": 01}",
            "{\"a\": +1}",
            "{\"a\": NaN}",
            "{\"a\": [1 2]}",
            "{'a': 1}");
    for (ToolCallFormat format : ToolCallFormats.all()) {
      String closing = format.closing().orElse(null);
      if (closing != null) {
        for (String arguments : wrong) {
          ParsedAnswer answer =
              parse(format, format.opening("first").orElseThrow() + arguments + closing);

          assertThat(answer.calls).as("%s: %s", format, arguments).isEmpty();
        }
      }
    }
  }

  /** Receives an answer and keeps nothing of it. */
  private static final class Ignored implements AnswerParser.Sink {
    @Override
    public void content(String text) {}

    @Override
    public void reasoning(String text) {}

    @Override
    public void toolCall(@Nullable String id, String name) {}

    @Override
    public void arguments(String piece) {}

    @Override
    public void callEnd(@Nullable String lateId) {}

    @Override
    public void invalidCall(String text, boolean cut) {}
  }
}
