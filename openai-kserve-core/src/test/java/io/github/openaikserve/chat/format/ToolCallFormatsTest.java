package io.github.openaikserve.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.format.GoldenAnswers.Golden;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ToolCallFormatsTest {
  static final List<ChatCompletionTool> TOOLS =
      List.of(
          ChatCompletionTool.function(
              "get_weather",
              null,
              Map.of(
                  "type",
                  "object",
                  "properties",
                  Map.of(
                      "city", Map.of("type", "string"),
                      "days", Map.of("type", "integer"),
                      "note", Map.of("type", "string")))),
          ChatCompletionTool.function("f", null, null));

  private static final List<String> WORDS =
      List.of(
          "<tool_call>",
          "</tool_call>",
          "{",
          "}",
          "[",
          "]",
          "(",
          ")",
          "\"name\"",
          "\"f\"",
          ":",
          ",",
          "\"arguments\"",
          "\"parameters\"",
          " ",
          "\n",
          "x",
          "é",
          "\\",
          "\"",
          "[TOOL_CALLS]",
          "[ARGS]",
          "f",
          "=",
          "'",
          "1",
          "null",
          "<function=",
          ">",
          "<parameter=",
          "</parameter>",
          "</function>",
          "<arg_key>",
          "</arg_key>",
          "<arg_value>",
          "</arg_value>",
          "<|python_tag|>",
          "functools[",
          "<|tool_call|>",
          "<｜tool▁call▁begin｜>",
          "<｜tool▁sep｜>",
          "```json",
          "<｜tool▁call▁end｜>",
          "function",
          "<|tool_call_begin|>",
          "<|tool_call_argument_begin|>",
          "<|channel|>",
          "<|message|>",
          "<|call|>",
          "to=functions.f",
          ";",
          "get_weather");

  /** Markers that mean nothing by themselves. */
  private static final Pattern MARKERS =
      Pattern.compile(
          "<｜tool▁calls▁(begin|end)｜>|<\\|tool_calls_section_(begin|end)\\|>"
              + "|<\\|(end|return|call)\\|>|<\\|(channel|start)\\|>.*?<\\|message\\|>");

  private static final Pattern SPACE = Pattern.compile("\\s");

  static List<Golden> goldens() {
    return GoldenAnswers.in("tool-calls");
  }

  static Stream<String> formats() {
    return ToolCallFormats.names().stream().sorted();
  }

  /** Of several formats with the same markers, the first. */
  static Stream<String> differentFormats() {
    return EveryFormatTest.differentFormats().map(ToolCallFormat::name);
  }

  static ToolCallFormat format(String name) {
    return ToolCallFormats.byName(name).orElseThrow();
  }

  static AnswerParser parser(String name) {
    return new ModelFormat(null, format(name)).parser("", TOOLS);
  }

  static ParsedAnswer parse(String format, List<String> pieces) {
    return ParsedAnswer.of(parser(format), pieces);
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void theAnswerConsistsOfItsParts(Golden golden) {
    List<String> expected = golden.blocks().subList(1, golden.blocks().size());

    assertThat(parse(golden.format(), List.of(golden.blocks().get(0))).parts()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void theAnswerConsistsOfThemHoweverItIsCut(Golden golden) {
    String text = golden.blocks().get(0);
    List<String> whole = parse(golden.format(), List.of(text)).parts();

    assertThat(parse(golden.format(), characters(text)).parts()).isEqualTo(whole);
    for (int cut = 1; cut < text.length(); cut++) {
      assertThat(
              parse(golden.format(), List.of(text.substring(0, cut), text.substring(cut))).parts())
          .as("cut at %d", cut)
          .isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void anAnswerThatIsCutOffLosesNothing(Golden golden) {
    String text = golden.blocks().get(0);
    for (int end = 0; end < text.length(); end++) {
      String beginning = text.substring(0, end);

      ParsedAnswer answer = parse(golden.format(), List.of(beginning));

      if (answer.calls.isEmpty()) {
        assertThat(withoutMarkers(answer.content.toString())).isEqualTo(withoutMarkers(beginning));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void theOpeningOfAFunctionMakesACallOfIt(String name) {
    ToolCallFormat format = format(name);
    String call = format.write("f", Map.of());

    assertThat(call).startsWith(format.opening("f").orElseThrow());
    assertThat(parse(name, List.of(call)).parts()).containsExactly("call:f({})");
  }

  @ParameterizedTest
  @MethodSource("formats")
  void plainTextPassesWithoutDelay(String name) {
    AnswerParser parser = parser(name);
    var answer = new ParsedAnswer();

    parser.next("Hello", answer);
    assertThat(answer.content.toString()).isEqualTo("Hello");
    parser.next(", world", answer);
    assertThat(answer.content.toString()).isEqualTo("Hello, world");
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void argumentsAreStreamedBeforeTheyAreComplete(Golden golden) {
    String text = golden.blocks().get(0);
    if (golden.blocks().stream().noneMatch(block -> block.matches("(?s)call:.*\\(\\{.{8,}\\}\\)"))
        || golden.name().equals("arguments-first.txt")) {
      return; // no arguments long enough, or held on purpose
    }
    var given = new Given();
    AnswerParser parser = parser(golden.format());
    boolean early = false;
    for (String piece : characters(text)) {
      parser.next(piece, given);
      early |= given.pieces > 0 && given.ends == 0;
    }
    assertThat(early).isTrue();
  }

  @ParameterizedTest
  @MethodSource("differentFormats")
  void noTextOfTheModelIsLost(String name) {
    checkRandomTexts(name, 0, 300);
  }

  @ParameterizedTest
  @MethodSource("formats")
  @Tag("slow")
  void noTextOfTheModelIsLostInMoreTexts(String name) {
    checkRandomTexts(name, 1, 3_000);
  }

  private static void checkRandomTexts(String name, int seed, int count) {
    var random = new Random(name.hashCode() + seed);
    for (int round = 0; round < count; round++) {
      var text = new StringBuilder();
      int length = random.nextInt(25);
      for (int i = 0; i < length; i++) {
        text.append(WORDS.get(random.nextInt(WORDS.size())));
      }
      check(name, text.toString(), random);
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void nothingIsLostWhereACharacterIsWrong(Golden golden) {
    checkWrongCharacters(golden, 0, 50);
  }

  @ParameterizedTest
  @MethodSource("goldens")
  @Tag("slow")
  void nothingIsLostWhereOtherCharactersAreWrong(Golden golden) {
    checkWrongCharacters(golden, 1, 200);
  }

  private static void checkWrongCharacters(Golden golden, int seed, int count) {
    String text = golden.blocks().get(0);
    var random = new Random(text.hashCode() + seed);
    for (int round = 0; round < count; round++) {
      var changed = new StringBuilder(text);
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> changed.deleteCharAt(at);
        case 1 -> changed.insert(at, "{}[]\"\\,:x<>|".charAt(random.nextInt(12)));
        default -> changed.setCharAt(at, text.charAt(random.nextInt(text.length())));
      }
      check(golden.format(), changed.toString(), random);
    }
  }

  private static void check(String name, String text, Random random) {
    ParsedAnswer whole = parse(name, List.of(text));
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int to = Math.min(text.length(), from + 1 + random.nextInt(7));
      pieces.add(text.substring(from, to));
      from = to;
    }
    assertThat(parse(name, pieces).parts()).as(text).isEqualTo(whole.parts());
    if (whole.calls.isEmpty()) {
      assertThat(withoutMarkers(whole.content.toString())).isEqualTo(withoutMarkers(text));
    } else {
      for (ParsedAnswer.Call call : whole.calls) {
        assertThat(text.contains(call.name()) || text.contains("\\")).as(text).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hermes", "kimi_k2", "qwen3_coder", "lfm2", "gemma4", "harmony", "minimax_m3"})
  @Timeout(20)
  void longArgumentsAreReadInLinearTime(String name) {
    checkLongArguments(name, 200_000);
  }

  @ParameterizedTest
  @MethodSource("formats")
  @Timeout(20)
  @Tag("slow")
  void argumentsOfAMegabyteAreReadInLinearTime(String name) {
    checkLongArguments(name, 1_000_000);
  }

  private static void checkLongArguments(String name, int length) {
    AnswerParser parser = parser(name);
    var given = new Given();

    parser.next(format(name).opening("f").orElseThrow() + "{\"a\": \"", given);
    for (int i = 0; i < length; i++) {
      parser.next("x", given);
    }
    parser.end(given, false);

    assertThat(given.pieces + given.texts).isPositive();
  }

  @Test
  void kimisIdsArePassedOn() {
    ParsedAnswer answer =
        parse(
            "kimi_k2",
            List.of(
                "<|tool_call_begin|>functions.f:3<|tool_call_argument_begin|>{}<|tool_call_end|>"));

    assertThat(answer.calls).containsExactly(new ParsedAnswer.Call("functions.f:3", "f", "{}"));
  }

  private static List<String> characters(String text) {
    return text.chars().mapToObj(c -> String.valueOf((char) c)).toList();
  }

  /** Markers that mean nothing by themselves are left out, as is white space next to markers. */
  private static String withoutMarkers(String text) {
    return SPACE.matcher(MARKERS.matcher(text).replaceAll("")).replaceAll("");
  }

  /** Counts what is given. */
  private static final class Given implements AnswerParser.Sink {
    int pieces;
    int ends;
    int texts;

    @Override
    public void content(String text) {
      texts++;
    }

    @Override
    public void reasoning(String text) {}

    @Override
    public void toolCall(@Nullable String id, String name) {}

    @Override
    public void arguments(String piece) {
      pieces++;
    }

    @Override
    public void callEnd(@Nullable String lateId) {
      ends++;
    }

    @Override
    public void invalidCall(String text, boolean cut) {
      texts++;
    }
  }
}
