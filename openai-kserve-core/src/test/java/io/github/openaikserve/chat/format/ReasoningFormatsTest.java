package io.github.openaikserve.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.format.GoldenAnswers.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ReasoningFormatsTest {
  private static final List<String> WORDS =
      List.of(
          "<think>",
          "</think>",
          "[THINK]",
          "[/THINK]",
          "<seed:think>",
          "</seed:think>",
          "◁think▷",
          "◁/think▷",
          "Here is my thought process:",
          "Here is my response:",
          "<|START_THINKING|>",
          "<|END_THINKING|>",
          "<|START_RESPONSE|>",
          "<|channel|>",
          "analysis",
          "final",
          "<|message|>",
          "<|end|>",
          "<|start|>",
          "a",
          "é",
          " ",
          "\n",
          "<",
          "|",
          "[",
          "Here");

  private static final Pattern HEADERS =
      Pattern.compile("<\\|(channel|start)\\|>((?!<\\|message\\|>).)*<\\|message\\|>");
  private static final Pattern MARKERS_AND_SPACE =
      Pattern.compile(
          "</?think>|\\[/?THINK]|</?seed:think>|◁/?think▷|Here is my (thought process|response):"
              + "|</?response>|<\\|[A-Za-z_]+\\|>|\\s");

  static List<Golden> goldens() {
    return GoldenAnswers.in("reasoning");
  }

  static Stream<String> formats() {
    return ReasoningFormats.names().stream().sorted();
  }

  /** Of several formats with the same markers, the first. */
  static Stream<String> differentFormats() {
    return EveryFormatTest.differentReasoning().map(ReasoningFormat::name);
  }

  private static ParsedAnswer parse(String format, String prompt, List<String> pieces) {
    return ParsedAnswer.of(
        new ModelFormat(ReasoningFormats.byName(format).orElseThrow(), null)
            .parser(prompt, List.of()),
        pieces);
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void theAnswerConsistsOfItsPartsHoweverItIsCut(Golden golden) {
    String prompt = golden.blocks().get(0);
    String text = golden.blocks().get(1);
    List<String> expected = golden.blocks().subList(2, golden.blocks().size());

    assertThat(parse(golden.format(), prompt, List.of(text)).parts()).isEqualTo(expected);
    for (int cut = 1; cut < text.length(); cut++) {
      List<String> pieces = List.of(text.substring(0, cut), text.substring(cut));
      assertThat(parse(golden.format(), prompt, pieces).parts())
          .as("cut at %d", cut)
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("differentFormats")
  void noTextOfTheModelIsLost(String format) {
    checkRandomTexts(format, 0, 300);
  }

  @ParameterizedTest
  @MethodSource("formats")
  @Tag("slow")
  void noTextOfTheModelIsLostInMoreTexts(String format) {
    checkRandomTexts(format, 1, 3_000);
  }

  private static void checkRandomTexts(String format, int seed, int count) {
    var random = new Random(format.hashCode() + seed);
    for (int round = 0; round < count; round++) {
      var text = new StringBuilder();
      int length = random.nextInt(20);
      for (int i = 0; i < length; i++) {
        text.append(WORDS.get(random.nextInt(WORDS.size())));
      }
      ParsedAnswer whole = parse(format, "", List.of(text.toString()));
      List<String> pieces = new ArrayList<>();
      for (int from = 0; from < text.length(); ) {
        int to = Math.min(text.length(), from + 1 + random.nextInt(5));
        pieces.add(text.substring(from, to));
        from = to;
      }

      assertThat(parse(format, "", pieces).parts()).as(text.toString()).isEqualTo(whole.parts());
      assertThat(withoutMarkers(inOrder(whole)))
          .as(text.toString())
          .isEqualTo(withoutMarkers(withoutHeaders(format, text.toString())));
    }
  }

  private static String inOrder(ParsedAnswer answer) {
    return answer.parts().stream()
        .map(part -> part.substring(part.indexOf(':') + 1))
        .collect(Collectors.joining());
  }

  /** The headers of channels may be left out. */
  private static String withoutHeaders(String format, String text) {
    boolean channels = ReasoningFormats.byName(format).orElseThrow().channels();
    return channels ? HEADERS.matcher(text).replaceAll("") : text;
  }

  /** Markers and white space may be left out. */
  private static String withoutMarkers(String text) {
    return MARKERS_AND_SPACE.matcher(text).replaceAll("");
  }
}
