package io.github.openaikserve.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.openai.ChatCompletionTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers as models write them, which is not always as their templates write them. */
final class CallVariantsTest {
  private static final List<ChatCompletionTool> TOOLS =
      List.of(
          tool("look", Map.of("city", type("string"), "days", type("integer"))),
          tool("write", Map.of("path", type("string"), "text", type("string"))),
          tool("sort", Map.of("list", type("array"), "zip", type("string", "null"))),
          tool("function", Map.of()),
          ChatCompletionTool.function(
              "named",
              null,
              Map.of(
                  "$defs",
                  Map.of("Text", type("string"), "Count", type("integer")),
                  "properties",
                  Map.of(
                      "text", Map.of("$ref", "#/$defs/Text"),
                      "count", Map.of("$ref", "#/$defs/Count")))),
          ChatCompletionTool.function("plain", null, null));

  private static Map<String, Object> type(String... types) {
    return Map.of("type", types.length == 1 ? types[0] : List.of(types));
  }

  private static ChatCompletionTool tool(String name, Map<String, Object> properties) {
    return ChatCompletionTool.function(
        name, null, Map.of("type", "object", "properties", properties));
  }

  /**
   * The answers of a file: the formats of calls and, after a plus, of reasoning; the end of the
   * prompt in the next line; the text; its parts.
   */
  static Stream<Arguments> answers() throws IOException {
    String file = Files.readString(Path.of("src/test/resources/call-variants.txt"));
    return Arrays.stream(file.strip().split("\n====\n", -1))
        .map(
            answer -> {
              List<String> blocks = Arrays.asList(answer.split("\n----\n", -1));
              String[] head = blocks.get(0).split("\n", 2);
              return Arguments.of(
                  head[0],
                  head.length == 1 ? "" : head[1],
                  blocks.get(1),
                  blocks.subList(2, blocks.size()));
            });
  }

  @ParameterizedTest
  @MethodSource("answers")
  void consistsOfTheSamePartsHoweverItIsCut(
      String formats, String prompt, String text, List<String> parts) {
    for (int length : new int[] {1, 3, text.length()}) {
      List<String> pieces = new ArrayList<>();
      for (int from = 0; from < text.length(); from += length) {
        pieces.add(text.substring(from, Math.min(text.length(), from + length)));
      }

      ParsedAnswer answer = ParsedAnswer.of(format(formats).parser(prompt, TOOLS), pieces);

      assertThat(withIds(answer)).as("in pieces of %d", length).isEqualTo(parts);
    }
  }

  private static ModelFormat format(String names) {
    String[] both = names.split("\\+");
    @Nullable ReasoningFormat reasoning =
        both.length == 1 ? null : ReasoningFormats.byName(both[1]).orElseThrow();
    return new ModelFormat(reasoning, ToolCallFormats.byName(both[0]).orElseThrow());
  }

  private static List<String> withIds(ParsedAnswer answer) {
    var calls = answer.calls.iterator();
    return answer.parts().stream()
        .map(
            part -> {
              String id = part.startsWith("call:") ? calls.next().id() : null;
              return id == null ? part : part + " " + id;
            })
        .toList();
  }
}
