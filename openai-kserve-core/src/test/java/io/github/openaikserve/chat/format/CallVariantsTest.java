package io.github.openaikserve.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
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

  private static Arguments row(String formats, String text, String... parts) {
    return after("", formats, text, parts);
  }

  private static Arguments after(String prompt, String formats, String text, String... parts) {
    return Arguments.of(formats, prompt, text, List.of(parts));
  }

  /** A name for calls, or two with a plus for calls and reasoning; then what comes of the text. */
  static Stream<Arguments> answers() {
    return Stream.of(tags(), objects(), python(), llama(), channels(), deepSeek(), reasoning())
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> tags() {
    String path = "<function=write>\n<parameter=path>\na.txt\n";
    String call = "call:write({\"path\": \"a.txt\"})";
    return Stream.of(
        row(
            "qwen3_coder",
            "<tool_call>\n" + path + "<parameter=text>\nhi\n</parameter>\n</function>",
            "call:write({\"path\": \"a.txt\", \"text\": \"hi\"})"),
        row("qwen3_coder", "<tool_call>\n" + path + "</function>\n</tool_call>", call),
        row("qwen3_coder", "<tool_call>\n" + path + "</parameter>\n</tool_call>", call),
        row("qwen3_coder", "<tool_call>\n" + path + "</parameter>\n", call),
        row("qwen3_coder", "<tool_call>\n" + path + "</parameter>\n</function>\n", call),
        row(
            "qwen3_coder",
            path + "</parameter>\n</function>\n" + path + "</parameter>\n</function>\nDone.",
            call,
            call,
            "content:Done."),
        row(
            "qwen3_coder",
            "<tool_call><tool_call>\n" + path + "</parameter>\n</function>\n</tool_call>",
            "content:<tool_call>",
            call),
        row(
            "qwen3_coder",
            path.replace("a.txt", "</parameter> and </function> end") + "</parameter>\n</function>",
            "call:write({\"path\": \"</parameter> and </function> end\"})"),
        row(
            "qwen3_coder",
            "<function= write >\n<parameter = path>\na.txt\n</parameter>\n</function>",
            call),
        row(
            "qwen3_coder",
            "<function=plain>\n<parameter=x>\n2\n</parameter>\n</function>",
            "call:plain({\"x\": \"2\"})"),
        row(
            "qwen3_coder",
            "<function=named>\n"
                + "<parameter=text>\n"
                + "5\n"
                + "</parameter>\n"
                + "<parameter=count>\n"
                + "5\n"
                + "</parameter>\n"
                + "</function>",
            "call:named({\"text\": \"5\", \"count\": 5})"),
        row(
            "qwen3_coder",
            "<function=sort>\n<parameter=zip>\n75001\n</parameter>\n<parameter=list>\n['a', True]\n"
                + "</parameter>\n</function>",
            "call:sort({\"zip\": \"75001\", \"list\": [\"a\", true]})"),
        row(
            "glm45",
            "<tool_call>write\n"
                + "<arg_key>path</arg_key>\n"
                + "<arg_value>\n"
                + " a\n"
                + "</arg_value>\n"
                + "</tool_call>",
            "call:write({\"path\": \"\\n a\\n\"})"),
        row("glm45", "<tool_call>write<arg_key>path</arg_key><arg_value>a.txt</tool_call>", call),
        row(
            "glm45",
            "<tool_call>sort<arg_key>list</arg_key><arg_value>[True, None]</arg_value></tool_call>",
            "call:sort({\"list\": [true, null]})"));
  }

  private static Stream<Arguments> objects() {
    String hermes =
        "<tool_call>\n{\"name\": \"look\", \"arguments\": {\"city\": \"Bern\"}}\n</tool_call>";
    String call = "call:look({\"city\": \"Bern\"})";
    String kimi = "<|tool_call_begin|>functions.look:0<|tool_call_argument_begin|>";
    return Stream.of(
        row("hermes", "<tool_call>\n" + hermes, "content:<tool_call>", call),
        row("hermes", "I use <tool_call> now: " + hermes, "content:I use <tool_call> now:", call),
        row(
            "hermes",
            "<tool_call>{\"arguments\": {\"name\": \"x\"}, \"name\": \"write\"}</tool_call>",
            "call:write({\"name\": \"x\"})"),
        text("hermes", "<tool_call>{\"name\": \"look\", \"arguments\": \"not json\"}</tool_call>"),
        text("hermes", "<tool_call>{\"name\": \"look\", \"arguments\": \"[1]\"}</tool_call>"),
        text(
            "hermes",
            "<tool_call>{\"name\": \"look\", \"arguments\": {'city': 'it}'}}</tool_call>"),
        text("mistral_v11", "[TOOL_CALLS]look[ARGS]{\"city\": \"C:\\dir\"}"),
        row(
            "mistral",
            "[TOOL_CALLS]{\"name\": \"look\", \"arguments\": {\"city\": \"Bern\"}, \"id\": \"x1\"}",
            call + " x1"),
        row(
            "mistral",
            "[TOOL_CALLS] [{\"name\": \"look\", \"arguments\": {\"city\": \"Bern\"}, \"id\":"
                + " \"x1\"}]",
            call + " x1"),
        row(
            "mistral_v11",
            "[TOOL_CALLS]look[CALL_ID]a1[ARGS]{\"city\": \"Bern\"}[TOOL_CALLS]look[ARGS]{}",
            call + " a1",
            "call:look({})"),
        row(
            "kimi_k2",
            "<|tool_call_section_begin|>"
                + kimi
                + "{\"city\": \"Bern\"}<|tool_call_end|>"
                + "<|tool_call_section_end|>",
            call + " functions.look:0"),
        text("kimi_k2", kimi + "{\"city\" \"Bern\"}<|tool_call_end|>"),
        row(
            "phi4_mini",
            "functools [{\"name\": \"look\", \"arguments\": {\"city\": \"Bern\"}}]",
            call),
        row(
            "granite",
            "<|tool_call|> [{\"name\": \"look\", \"arguments\": {\"city\": \"Bern\"}}]",
            call));
  }

  private static Stream<Arguments> python() {
    return Stream.of(
        row(
            "llama3_pythonic",
            "[look(city='caf\\u00e9 \\x41\\t\\\\', days=+1_000)]",
            "call:look({\"city\": \"café A\\t\\\\\", \"days\": 1000})"),
        row(
            "llama3_pythonic",
            "[write(text=\"\"\"a\n'b'\"\"\", path='x' \"y\")]",
            "call:write({\"text\": \"a\\n'b'\", \"path\": \"xy\"})"),
        row(
            "llama3_pythonic",
            "[sort(list={1: 'a', True: .5, None: {2, 3}})]",
            "call:sort({\"list\": {\"1\": \"a\", \"true\": 0.5, \"null\": [2, 3]}})"),
        row(
            "llama3_pythonic",
            "Sure: [look(city='Bern')]",
            "content:Sure:",
            "call:look({\"city\": \"Bern\"})"),
        text("llama3_pythonic", "[sort(list=[1 2])]"),
        text("llama3_pythonic", "[sort(list=[,1])]"),
        text("llama3_pythonic", "[look('Bern')]"),
        text("llama3_pythonic", "look(city='Bern')"));
  }

  private static Stream<Arguments> llama() {
    String object = "{\"name\": \"look\", \"parameters\": {\"city\": \"Bern\"}}";
    String call = "call:look({\"city\": \"Bern\"})";
    return Stream.of(
        row("llama3_json", "Sure. " + object, "content:Sure.", call),
        row("llama3_json", "Sure. [" + object + "]", "content:Sure.", call),
        row("llama3_json", "```json\n" + object + "\n```", call),
        row("llama3_json", "[" + object + ", " + object + "]", call, call),
        row("llama3_json", object + "\n" + object, call, call),
        row("llama3_json", "<|python_tag|>look.call(city=\"Bern\")", call),
        row("llama3_pythonic", object, call));
  }

  private static Stream<Arguments> channels() {
    String call = "call:look({\"city\":\"Bern\"})";
    String message = "<|message|>{\"city\":\"Bern\"}<|call|>";
    String both = "harmony+harmony";
    return Stream.of(
        row(both, "<|channel|>commentary to=look <|constrain|>json" + message, call),
        row(both, "<|channel|>analysis to=functions.look code" + message, call),
        after(
            "<|start|>assistant",
            both,
            " to=functions.look<|channel|>commentary json" + message,
            call),
        after(
            "<|start|>assistant<|channel|>",
            both,
            "analysis<|message|>Hm.<|end|><|start|>assistant to=functions.look<|channel|>commentary"
                + message,
            "reasoning:Hm.",
            call),
        row(
            both,
            "<|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>commentary"
                + " to=functions.look"
                + message,
            "content:I look.",
            call),
        row(both, "<|channel|>commentary to=functions.plain<|message|><|call|>", "call:plain({})"),
        row(
            both,
            "<|channel|>commentary to=browser.search<|message|>{\"query\":\"x\"}<|call|>",
            "reasoning:{\"query\":\"x\"}"),
        row(
            both,
            "<|start|>assistant<|channel|>final<|message|>Use the `<|channel|>` token.<|return|>",
            "content:Use the `<|channel|>` token."));
  }

  private static Stream<Arguments> deepSeek() {
    String open = "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>";
    String end = "<｜tool▁call▁end｜><｜tool▁calls▁end｜>";
    String call = "call:look({\"city\": \"Bern\"})";
    String object = "{\"city\": \"Bern\"}";
    return Stream.of(
        row("deepseek_v3", open + "look\n```json\n" + object + "\n```\n" + end, call),
        row("deepseek_v3", open + "look\n```\n" + object + "\n```" + end, call),
        row("deepseek_v3", open + "look\n" + object + end, call),
        row("deepseek_v31", open + "{}" + end, "call:function({})"));
  }

  private static Stream<Arguments> reasoning() {
    String kimi =
        "<|tool_call_begin|>functions.look:0<|tool_call_argument_begin|>{}<|tool_call_end|>";
    return Stream.of(
        after(
            "<think>",
            "kimi_k2+think",
            "Hm.<|tool_calls_section_begin|>" + kimi + "<|tool_calls_section_end|>",
            "reasoning:Hm.",
            "call:look({}) functions.look:0"),
        row(
            "mistral_v11+mistral",
            "[THINK]Hm.[TOOL_CALLS]look[ARGS]{}",
            "reasoning:Hm.",
            "call:look({})"),
        after(
            "<think>",
            "deepseek_v31+think",
            "Hm.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>look<｜tool▁sep｜>{}<｜tool▁call▁end｜>",
            "reasoning:Hm.",
            "call:look({})"),
        row(
            "glm45+think",
            "<think>a</think>One<think>b</think>Two",
            "reasoning:a",
            "content:One",
            "reasoning:b",
            "content:Two"),
        row("glm45+think", "Sure.\n<think>a</think>b", "content:Sure.", "reasoning:a", "content:b"),
        row("hermes+think", "</think>\n\nHi", "content:Hi"),
        after("<think>\n", "hermes+think", "</think>\n\nHi", "content:Hi"),
        row(
            "hermes+granite33",
            "SOAP: <response><code>200</code></response> is the root.",
            "content:SOAP: <response><code>200</code></response> is the root."),
        row(
            "hermes+granite33",
            "<think>x</think><response>The XML is:\n<response>ok</response>\nDone.</response>",
            "reasoning:x",
            "content:The XML is:\n<response>ok</response>\nDone."));
  }

  private static Arguments text(String formats, String text) {
    return row(formats, text, "content:" + text);
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
