package io.github.openaikserve.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers that no model should write. Whatever comes: a call has a name and JSON as its arguments,
 * no word is lost, and pieces of one character give the same.
 */
final class HostileAnswersTest {
  private static final String WORD = "OMEGA";
  private static final String DEEP = "[".repeat(10_000) + "]".repeat(10_000);
  private static final List<ChatCompletionTool> TOOLS = List.of(tool("first"), tool("second"));

  private static final List<String> PARAMETERS = List.of("text", "count", "list", "other");

  private static final List<String> MORE = List.of("\0", "\"", "{", "<", "\n", "\ud83d");

  /** Arguments where a format has JSON; each has the word, or is of no use without it. */
  private static final List<String> JSON_ARGUMENTS =
      List.of(
          "{\"count\": 1e999}",
          "{\"count\": NaN}",
          "{\"count\": -Infinity}",
          "{\"count\": -}",
          "{\"count\": 1.}",
          "{\"count\": 0x10}",
          "{\"text\": \"a\", \"text\": \"OMEGA\"}",
          "{\r\n\"text\":\r\n\"OMEGA\"\r\n}",
          "{\"text\": \"OMEGA\r\"}",
          "{\"text\": \"OMEGA\\ud83d\"}",
          "{\"text\": \"OMEGA\\ud83d\\ude00\"}",
          "{\"text\": \"OMEGA\ud83d\"}",
          "{\"text\": \"OMEGA\ud83d\ude00\"}",
          "{\"OMEGA\\ud83d\": 1}",
          "{\"text\": \"OMEGA\\u12G4\"}",
          "{\"text\": \"OMEGA\\u00",
          "{\"text\": \"OMEGA\0\"}",
          "\ufeff{\"text\": \"OMEGA\"}",
          "{\"text\": \"OMEGA\"}}",
          "{\"text\": 1}{\"text\": \"OMEGA\"}",
          "[\"OMEGA\"]",
          "\"OMEGA\"",
          "null",
          "{\"\": \"OMEGA\"}",
          "{\"text\"::\"OMEGA\"}",
          "{/*OMEGA*/}");

  private static final List<String> LONG_JSON_ARGUMENTS =
      List.of(
          "{\"count\": " + "9".repeat(5_000) + "}",
          "{\"list\": " + DEEP + "}",
          "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000),
          "{\"" + "k".repeat(60_000) + "\": \"OMEGA\"}");

  private static final List<String> LONG_VALUES = List.of("9".repeat(5_000), DEEP);

  /** Values where a format writes values without quotes, or as Python does. */
  private static final List<String> VALUES =
      List.of(
          "1e999",
          "NaN",
          "None",
          "0x_",
          "1__0",
          "00.5",
          "--1",
          "\u0663",
          "{'a': 1, 'a': 2}",
          "{[1]: 2}",
          "{None: 1, (1,): 2}",
          "{'\\ud83d': 1}",
          "'\\ud83d'",
          "'\\ud83d\\ude00'",
          "'\\U00110000'",
          "'\\N{DIGIT ONE}'",
          "'\\N{NOTHING}'",
          "'a' b",
          "f'{x}'",
          "(,)",
          "lambda: 1",
          "1+1",
          "\ud83d",
          "\ud83d\ude00",
          "\0\u0001\u007f",
          "<![CDATA[a",
          "&lt;a&gt;",
          "",
          " \r\n ",
          "{\"a\": [1, 2");

  private static ChatCompletionTool tool(String name) {
    return ChatCompletionTool.function(
        name,
        null,
        Map.of(
            "type",
            "object",
            "properties",
            Map.of(
                "text", Map.of("type", "string"),
                "count", Map.of("type", "integer"),
                "list", Map.of("type", "array"))));
  }

  static Stream<ToolCallFormat> formats() {
    return EveryFormatTest.differentFormats();
  }

  private static AnswerParser parser(ToolCallFormat format) {
    return new ModelFormat(ReasoningFormats.THINK, format).parser("", TOOLS);
  }

  private static ParsedAnswer check(ToolCallFormat format, String text) {
    ParsedAnswer whole = ParsedAnswer.of(parser(format), List.of(text));
    assertSameInPieces(format, text, 1, whole);
    for (ParsedAnswer.Call call : whole.calls) {
      assertThat(call.name()).as(text).isNotBlank();
      assertThat(JsonCodec.readObject(call.arguments())).as(text).isPresent();
    }
    if (text.contains(WORD)) {
      assertThat(whole.parts().toString()).as(text).contains(WORD);
    }
    return whole;
  }

  private static void assertSameInPieces(
      ToolCallFormat format, String text, int length, ParsedAnswer whole) {
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); from += length) {
      pieces.add(text.substring(from, Math.min(text.length(), from + length)));
    }
    assertThat(ParsedAnswer.of(parser(format), pieces).parts())
        .as("%s in pieces of %d", text, length)
        .isEqualTo(whole.parts());
  }

  private static String call(ToolCallFormat format) {
    return format.write("first", Map.of("text", WORD));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void argumentsThatAreNotJson(ToolCallFormat format) {
    calls(format, JSON_ARGUMENTS).forEach(text -> check(format, text));
  }

  @ParameterizedTest
  @MethodSource("formats")
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void longArguments(ToolCallFormat format) {
    calls(format, LONG_JSON_ARGUMENTS).forEach(text -> check(format, text));
    values(format, LONG_VALUES, List.of("list")).forEach(text -> check(format, text));
  }

  /** Returns calls with these arguments; none if the arguments are not JSON in the format. */
  private static Set<String> calls(ToolCallFormat format, List<String> arguments) {
    Set<String> texts = new LinkedHashSet<>();
    String opening = format.opening("first").orElse("");
    format
        .closing()
        .ifPresent(closing -> arguments.forEach(json -> texts.add(opening + json + closing)));
    return texts;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void valuesThatAreNotLiterals(ToolCallFormat format) {
    values(format, VALUES, PARAMETERS).forEach(text -> check(format, text));
  }

  /** Returns calls with these values; none if the arguments are JSON in the format. */
  private static Set<String> values(
      ToolCallFormat format, List<String> values, List<String> parameters) {
    Set<String> texts = new LinkedHashSet<>();
    if (format.closing().isEmpty()) {
      for (String parameter : parameters) {
        String call = format.write("first", Map.of(parameter, WORD));
        for (String value : values) {
          texts.add(call.replace(WORD, value));
          texts.add(call.replace("\"" + WORD + "\"", value));
          texts.add(call.replace(format.markers.quote + WORD + format.markers.quote, value));
        }
      }
    }
    return texts;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void markersInEveryPlace(ToolCallFormat format) {
    withMarkers(format).forEach(text -> check(format, text));
  }

  private static Set<String> withMarkers(ToolCallFormat format) {
    String call = call(format);
    Set<String> markers = new LinkedHashSet<>(format.closings);
    format.openings.forEach(markers::addAll);
    markers.addAll(List.of("<think>", "</think>", "{", "\"", "<"));
    Set<String> texts = new LinkedHashSet<>();
    for (String marker : markers) {
      texts.add(marker + call);
      texts.add(marker + marker + call + marker);
      texts.add(call + marker + WORD);
      texts.add("<think>" + call + marker + WORD + "</think>");
      texts.add(format.write("first", Map.of("text", marker + WORD + marker)));
      texts.add(format.write("fir" + marker + "st", Map.of("text", WORD)));
      for (int end = 1; end < marker.length(); end++) {
        texts.add(WORD + marker.substring(0, end));
        texts.add(call + marker.substring(0, end));
        texts.add(marker.substring(0, end) + call);
      }
    }
    return texts;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aCallWithOneCharacterLessOrMore(ToolCallFormat format) {
    withOneCharacterLessOrMore(format, 1).forEach(text -> check(format, text));
  }

  /**
   * Returns calls with one character less or more.
   *
   * @param count the number of different characters that are inserted at each position
   */
  private static Set<String> withOneCharacterLessOrMore(ToolCallFormat format, int count) {
    String call = call(format);
    Set<String> texts = new LinkedHashSet<>();
    for (int at = 1; at < call.length(); at++) {
      texts.add(call.substring(0, at) + call);
      if (!isOfWord(call, at)) {
        texts.add(call.substring(0, at) + call.substring(at + 1));
        for (int i = at; i < at + count; i++) {
          String more = MORE.get(i % MORE.size());
          texts.add(call.substring(0, at) + more + call.substring(at));
        }
      }
    }
    return texts;
  }

  private static boolean isOfWord(String call, int at) {
    int word = call.indexOf(WORD);
    return word >= 0 && at >= word && at < word + WORD.length();
  }

  @ParameterizedTest
  @MethodSource("formats")
  @Tag("slow")
  void moreCharactersLongValuesAndPiecesOfThree(ToolCallFormat format) {
    values(format, LONG_VALUES, PARAMETERS).forEach(text -> check(format, text));
    Set<String> texts = new LinkedHashSet<>(calls(format, JSON_ARGUMENTS));
    texts.addAll(values(format, VALUES, PARAMETERS));
    texts.addAll(withMarkers(format));
    texts.addAll(withOneCharacterLessOrMore(format, MORE.size()));
    for (String text : texts) {
      assertSameInPieces(format, text, 3, check(format, text));
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void namesThatNoFunctionHas(ToolCallFormat format) {
    for (String name :
        List.of(
            "",
            " ",
            "\n",
            "unknown",
            "first second",
            "fi\"rst",
            "fi\\rst",
            "\ud83d",
            "\0",
            "a".repeat(600),
            "first\u2028")) {
      ParsedAnswer answer = check(format, format.write(name, Map.of("text", WORD)) + " " + WORD);

      assertThat(answer.calls).as(name).noneMatch(call -> call.name().contains("\0"));
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void lineBreaksOfOtherSystems(ToolCallFormat format) {
    check(format, ("Well.\n" + call(format) + "\nDone.").replace("\n", "\r\n"));
    check(format, call(format).replace("\n", ""));
    check(format, call(format).replace("\n", "\t"));
    check(format, "\ud83d\ude00" + call(format) + "\ud83d\ude00");
  }

  @Test
  void anObjectWithMisspeltArgumentsIsNotACallWithoutArguments() {
    String text =
        "<tool_call>\n{\"name\": \"first\", \"rguments\": {\"text\": \"a\"}}\n</tool_call>";

    ParsedAnswer answer = check(ToolCallFormats.HERMES, text);

    assertThat(answer.calls).isEmpty();
    assertThat(check(ToolCallFormats.HERMES, "<tool_call>{\"name\": \"first\"}</tool_call>").calls)
        .hasSize(1);
  }

  @Test
  void aHeaderThatBeginsTwiceIsThatOfItsCall() {
    String text =
        "<|channel|>commentary to=<|channel|>commentary to=functions.first <|message|>{}<|call|>";

    assertThat(check(ToolCallFormats.HARMONY, text).parts()).containsExactly("call:first({})");
  }

  @Test
  void aHeaderWithoutARecipientIsText() {
    String text = "<|channel|>commentary to=<functions.first <|message|>{\"text\": \"a\"}<|call|>";

    assertThat(check(ToolCallFormats.HARMONY, text).content.toString())
        .isEqualTo(text.replace("<|call|>", ""));
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void aSchemaThatRefersToItselfManyTimesIsReadInBoundedSteps() {
    Map<String, @Nullable Object> definitions = new LinkedHashMap<>();
    List<Object> all =
        IntStream.range(0, 30).mapToObj(i -> (Object) Map.of("$ref", "#/$defs/a")).toList();
    definitions.put("a", Map.of("anyOf", all));
    ChatCompletionTool tool =
        ChatCompletionTool.function(
            "first",
            null,
            Map.of(
                "$defs", definitions, "properties", Map.of("text", Map.of("$ref", "#/$defs/a"))));
    ToolCallFormat format = ToolCallFormats.QWEN3_CODER;

    ParsedAnswer answer =
        ParsedAnswer.of(
            new ModelFormat(null, format).parser("", List.of(tool)),
            List.of(format.write("first", Map.of("text", "12"))));

    assertThat(answer.parts()).containsExactly("call:first({\"text\": \"12\"})");
  }
}
