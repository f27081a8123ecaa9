package io.github.openaikserve.chat;

import io.github.openaikserve.chat.HeadedCalls.Header;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ways of writing calls of tools that the library knows.
 *
 * <p>Sources: the models' own chat templates; {@code vllm-project/vllm}: {@code
 * vllm/entrypoints/openai/tool_parsers}; {@code sgl-project/sglang}: {@code
 * python/sglang/srt/function_call}; {@code ggml-org/llama.cpp}: {@code common/chat.cpp}.
 */
public final class ToolCallFormats {
  private static final TaggedCalls.Tags QWEN3_CODER_TAGS =
      new TaggedCalls.Tags(
          List.of("<tool_call>", "<function="),
          "<function=",
          ">",
          "<parameter=",
          ">",
          "",
          "</parameter>",
          "</function>",
          List.of("</tool_call>"));
  private static final TaggedCalls.Tags GLM45_TAGS =
      new TaggedCalls.Tags(
          List.of("<tool_call>"),
          "<tool_call>",
          "\n<",
          "<arg_key>",
          "</arg_key>",
          "<arg_value>",
          "</arg_value>",
          "</tool_call>",
          List.of());

  /** Hermes, Qwen 2.5 and 3, and many others: JSON between {@code <tool_call>} tags. */
  public static final ToolCallFormat HERMES =
      new NamedFormat(
          "hermes",
          tools -> new JsonCalls(List.of("<tool_call>"), List.of("</tool_call>")),
          json("<tool_call>\n", "arguments"),
          "}\n</tool_call>");

  /** Llama 3.1 to 3.3: the answer is a JSON object with {@code name} and {@code parameters}. */
  public static final ToolCallFormat LLAMA3_JSON =
      new NamedFormat("llama3_json", LlamaJsonCalls::new, json("", "parameters"), "}");

  /** Llama 3.2 and 4: the answer is a list of calls in Python. */
  public static final ToolCallFormat LLAMA3_PYTHONIC =
      new NamedFormat(
          "llama3_pythonic",
          PythonicCalls::new,
          function -> function == null ? "[" : "[" + function + "(");

  /** Mistral up to its v7 tokenizer: a list of JSON objects after {@code [TOOL_CALLS]}. */
  public static final ToolCallFormat MISTRAL =
      new NamedFormat(
          "mistral", tools -> new MistralCalls(), json("[TOOL_CALLS] [", "arguments"), "}]");

  /** Mistral since its v11 tokenizer: name, {@code [ARGS]} and arguments. */
  public static final ToolCallFormat MISTRAL_V11 =
      new NamedFormat(
          "mistral_v11",
          tools -> new MistralCalls(),
          function -> "[TOOL_CALLS]" + (function == null ? "" : function + "[ARGS]"),
          "");

  /** DeepSeek V3 and R1, with the arguments in a code fence; reads V3.1's form as well. */
  public static final ToolCallFormat DEEPSEEK_V3 =
      new NamedFormat(
          "deepseek_v3",
          tools -> deepSeek(),
          function ->
              "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>"
                  + (function == null ? "" : function + "\n```json\n"),
          "\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>");

  /** DeepSeek V3.1: name and arguments; reads V3's form as well. */
  public static final ToolCallFormat DEEPSEEK_V31 =
      new NamedFormat(
          "deepseek_v31",
          tools -> deepSeek(),
          function ->
              "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>"
                  + (function == null ? "" : function + "<｜tool▁sep｜>"),
          "<｜tool▁call▁end｜><｜tool▁calls▁end｜>");

  /** Granite 3: a list of JSON objects after {@code <|tool_call|>}. */
  public static final ToolCallFormat GRANITE =
      new NamedFormat(
          "granite",
          tools ->
              new JsonCalls(
                  List.of("<|tool_call|>", "<tool_call>"),
                  List.of("<|/tool_call|>", "</tool_call>")),
          json("<|tool_call|>[", "arguments"),
          "}]");

  /** Phi-4-mini: a list of JSON objects after {@code <|tool_call|>} or {@code functools}. */
  public static final ToolCallFormat PHI4_MINI =
      new NamedFormat(
          "phi4_mini",
          tools -> new JsonCalls(List.of("<|tool_call|>", "functools["), List.of("<|/tool_call|>")),
          json("<|tool_call|>[", "arguments"),
          "}]<|/tool_call|>");

  /** Kimi K2: calls with ids between tokens of their own. */
  public static final ToolCallFormat KIMI_K2 =
      new NamedFormat(
          "kimi_k2",
          tools -> kimi(),
          function ->
              "<|tool_calls_section_begin|><|tool_call_begin|>functions."
                  + (function == null ? "" : function + ":0<|tool_call_argument_begin|>"),
          "<|tool_call_end|><|tool_calls_section_end|>");

  /** Qwen3-Coder: parameters between tags, within {@code <function=...>}. */
  public static final ToolCallFormat QWEN3_CODER =
      new NamedFormat(
          "qwen3_coder",
          tools -> new TaggedCalls(QWEN3_CODER_TAGS, tools),
          function -> "<tool_call>\n<function=" + (function == null ? "" : function + ">\n"));

  /** GLM-4.5: {@code <arg_key>} and {@code <arg_value>} pairs. */
  public static final ToolCallFormat GLM45 =
      new NamedFormat(
          "glm45",
          tools -> new TaggedCalls(GLM45_TAGS, tools),
          function -> "<tool_call>" + (function == null ? "" : function + "\n"));

  /** gpt-oss: messages on the commentary channel to {@code functions.NAME}. */
  public static final ToolCallFormat HARMONY =
      new NamedFormat(
          "harmony",
          tools -> new HarmonyCalls(),
          function ->
              "<|channel|>commentary to=functions."
                  + (function == null ? "" : function + " <|constrain|>json<|message|>"),
          "<|call|>");

  private static final Map<String, ToolCallFormat> BY_NAME = new LinkedHashMap<>();

  /** What in a chat template shows which format it writes; the first that fits counts. */
  private static final Map<Predicate<String>, ToolCallFormat> SIGNS = new LinkedHashMap<>();

  static {
    for (ToolCallFormat format :
        List.of(
            HERMES,
            LLAMA3_JSON,
            LLAMA3_PYTHONIC,
            MISTRAL,
            MISTRAL_V11,
            DEEPSEEK_V3,
            DEEPSEEK_V31,
            GRANITE,
            PHI4_MINI,
            KIMI_K2,
            QWEN3_CODER,
            GLM45,
            HARMONY)) {
      BY_NAME.put(format.name(), format);
    }
    SIGNS.put(all("[TOOL_CALLS]", "[ARGS]"), MISTRAL_V11);
    SIGNS.put(all("[TOOL_CALLS]"), MISTRAL);
    SIGNS.put(all("<｜tool▁calls▁begin｜>", "```json"), DEEPSEEK_V3);
    SIGNS.put(all("<｜tool▁calls▁begin｜>"), DEEPSEEK_V31);
    SIGNS.put(all("<|tool_calls_section_begin|>"), KIMI_K2);
    SIGNS.put(all("<|channel|>", "<|message|>"), HARMONY);
    SIGNS.put(all("<arg_key>"), GLM45);
    SIGNS.put(all("<function=", "<parameter="), QWEN3_CODER);
    SIGNS.put(all("<|start_of_role|>", "tool_call"), GRANITE);
    SIGNS.put(all("<|tool|>"), PHI4_MINI);
    SIGNS.put(all("functools"), PHI4_MINI);
    SIGNS.put(all("<tool_call>"), HERMES);
    SIGNS.put(all("<|python_start|>"), LLAMA3_PYTHONIC);
    SIGNS.put(all("<|start_header_id|>", "\"parameters\""), LLAMA3_JSON);
  }

  private ToolCallFormats() {}

  /** Returns the format of this name; empty if there is none. */
  public static Optional<ToolCallFormat> byName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The names that {@link #byName} knows. */
  public static Set<String> names() {
    return Set.copyOf(BY_NAME.keySet());
  }

  /** The format that a model's Jinja chat template shows it to write; empty when it shows none. */
  public static Optional<ToolCallFormat> detect(String chatTemplate) {
    return SIGNS.entrySet().stream()
        .filter(sign -> sign.getKey().test(chatTemplate))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static Predicate<String> all(String... signs) {
    return template -> {
      for (String sign : signs) {
        if (!template.contains(sign)) {
          return false;
        }
      }
      return true;
    };
  }

  /** Ends before a space, which tokenizers keep together with what follows it. */
  private static Function<@Nullable String, @Nullable String> json(
      String before, String arguments) {
    return function ->
        before
            + "{\"name\": \""
            + (function == null ? "" : JsonText.escaped(function) + "\", \"" + arguments + "\":");
  }

  private static AnswerParser deepSeek() {
    return new HeadedCalls(
        "<｜tool▁call▁begin｜>",
        List.of("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"),
        List.of("```<｜tool▁call▁end｜>", "<｜tool▁call▁end｜>", "```"),
        new HeadedCalls.Headers() {
          @Override
          public String end() {
            return "<｜tool▁sep｜>";
          }

          @Override
          public String secondEnd() {
            return "```json";
          }

          @Override
          public @Nullable Header read(String header, @Nullable String rest) {
            if (rest != null) {
              return new Header(null, rest);
            }
            return header.equals("function") ? null : new Header(null, header);
          }
        });
  }

  private static AnswerParser kimi() {
    return new HeadedCalls(
        "<|tool_call_begin|>",
        List.of("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"),
        List.of("<|tool_call_end|>"),
        new HeadedCalls.Headers() {
          @Override
          public String end() {
            return "<|tool_call_argument_begin|>";
          }

          @Override
          public @Nullable String secondEnd() {
            return null;
          }

          @Override
          public Header read(String header, @Nullable String rest) {
            String name =
                header.startsWith("functions.") ? header.substring("functions.".length()) : header;
            int colon = name.lastIndexOf(':');
            return new Header(header, colon < 0 ? name : name.substring(0, colon));
          }
        });
  }
}
