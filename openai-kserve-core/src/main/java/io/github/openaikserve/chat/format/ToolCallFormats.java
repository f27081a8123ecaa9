package io.github.openaikserve.chat.format;

import static io.github.openaikserve.chat.format.ToolCallFormat.json;
import static io.github.openaikserve.chat.format.ToolCallFormat.literal;
import static io.github.openaikserve.chat.format.ToolCallFormat.named;
import static io.github.openaikserve.chat.format.ToolCallFormat.python;
import static io.github.openaikserve.chat.format.ToolCallFormat.tags;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The table of curated tool call formats.
 *
 * <p>Sources: the models' own chat templates; {@code vllm-project/vllm}: {@code vllm/tool_parsers},
 * whose names these are; {@code ggml-org/llama.cpp}: {@code common/chat.cpp} and {@code
 * models/templates}.
 */
public final class ToolCallFormats {
  /** Hermes, Qwen 2.5 and 3, and many others: JSON between {@code <tool_call>} tags. */
  public static final ToolCallFormat HERMES =
      json("hermes", "<tool_call>\n", "\n</tool_call>").format();

  /** Llama 3.1 to 3.3: the call is a JSON object with {@code name} and {@code parameters}. */
  public static final ToolCallFormat LLAMA3_JSON =
      json("llama3_json", "", "")
          .bare()
          .object("{\"name\": \"", "\", \"parameters\":")
          .signs("<|start_header_id|>", "\"parameters\"")
          .alsoBegins("<|python_tag|>", "```json")
          .alsoEnds("```")
          .format();

  /** Llama 3.2: the calls are a list in Python syntax. */
  public static final ToolCallFormat LLAMA3_PYTHONIC =
      python("llama3_pythonic", "[", "]")
          .bare()
          .alsoBegins("<|python_start|>")
          .alsoEnds("<|python_end|>")
          .format();

  /** Mistral up to its v7 tokenizer: a list of JSON objects after {@code [TOOL_CALLS]}. */
  public static final ToolCallFormat MISTRAL =
      json("mistral", "[TOOL_CALLS] [", "]").nameEnd("[ARGS]").format();

  /** Mistral since its v11 tokenizer: name, {@code [ARGS]} and arguments. */
  public static final ToolCallFormat MISTRAL_V11 =
      named("mistral_v11", "[TOOL_CALLS]", "[ARGS]", "").format();

  /** DeepSeek V3 and R1, with the arguments in a code fence. Also accepts V3.1's form. */
  public static final ToolCallFormat DEEPSEEK_V3 =
      named(
              "deepseek_v3",
              "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>",
              "\n```json\n",
              "\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>")
          .namePrefix("function<｜tool▁sep｜>")
          .alsoNameEnds("<｜tool▁sep｜>", "```")
          .alsoEnds("```", "<｜tool▁call▁end｜>")
          .format();

  /** DeepSeek V3.1: name and arguments. Also accepts V3's form. */
  public static final ToolCallFormat DEEPSEEK_V31 =
      named(
              "deepseek_v31",
              "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>",
              "<｜tool▁sep｜>",
              "<｜tool▁call▁end｜><｜tool▁calls▁end｜>")
          .readPrefix("function<｜tool▁sep｜>")
          .alsoNameEnds("```json", "```")
          .alsoEnds("```")
          .format();

  /** Granite 3: a list of JSON objects after {@code <|tool_call|>}. */
  public static final ToolCallFormat GRANITE =
      json("granite", "<|tool_call|>[", "]")
          .signs("<|tool_call|>")
          .alsoBegins("<tool_call>")
          .alsoEnds("<|/tool_call|>", "</tool_call>")
          .format();

  /** Phi-4-mini: a list of JSON objects after {@code <|tool_call|>} or {@code functools}. */
  public static final ToolCallFormat PHI4_MINI =
      json("phi4_mini", "<|tool_call|>[", "]<|/tool_call|>")
          .alsoBegins("functools")
          .signs("<|tool|>")
          .format();

  /** Kimi K2: calls with ids between special tokens. */
  public static final ToolCallFormat KIMI_K2 =
      named(
              "kimi_k2",
              "<|tool_calls_section_begin|><|tool_call_begin|>",
              ":0<|tool_call_argument_begin|>",
              "<|tool_call_end|><|tool_calls_section_end|>")
          .namePrefix("functions.")
          .numbered(":")
          .alsoBegins("<|tool_call_section_begin|><|tool_call_begin|>")
          .alsoEnds("<|tool_call_section_end|>")
          .format();

  /** Qwen3-Coder and Qwen 3.5: parameters between tags, within {@code <function=...>}. */
  public static final ToolCallFormat QWEN3_CODER =
      tags("qwen3_coder", "<tool_call>\n<function=", ">\n", "</function>\n</tool_call>")
          .parameter("<parameter=", ">\n", "\n</parameter>\n")
          .format();

  /** GLM-4.5 and later: {@code <arg_key>} and {@code <arg_value>} pairs. */
  public static final ToolCallFormat GLM45 =
      tags("glm45", "<tool_call>", "\n", "</tool_call>")
          .parameter("<arg_key>", "</arg_key>\n<arg_value>", "</arg_value>\n")
          .format();

  /** gpt-oss: messages on the commentary channel to {@code functions.NAME}. */
  public static final ToolCallFormat HARMONY =
      new CallMarkers(
              "harmony", ToolCallFormat.Style.HARMONY, "<|channel|>commentary to=", "<|call|>")
          .namePrefix("functions.")
          .nameEnd(" <|constrain|>json<|message|>")
          .alsoEnds("<|end|>")
          .format();

  private static final Map<String, ToolCallFormat> BY_NAME = new LinkedHashMap<>();

  static {
    put(HERMES, "granite4", "ernie45", "smollm3");
    put(LLAMA3_JSON, "llama4_json");
    put(LLAMA3_PYTHONIC, "pythonic");
    put(MISTRAL);
    put(MISTRAL_V11);
    put(DEEPSEEK_V3);
    put(DEEPSEEK_V31);
    put(GRANITE);
    put(PHI4_MINI);
    put(KIMI_K2);
    put(QWEN3_CODER, "qwen3_xml", "mimo", "step3p5", "nemotron_v3");
    put(GLM45, "poolside_v1", "ling3");
    put(HARMONY, "openai");
    put(
        json("cohere_command3", "<|START_ACTION|>[\n    ", "\n]<|END_ACTION|>")
            .object("{\"tool_call_id\": \"0\", \"tool_name\": \"", "\", \"parameters\":")
            .numbered("\"tool_call_id\": \"")
            .format(),
        "cohere_command4");
    put(json("jamba", "<tool_calls>[", "]</tool_calls>").format(), "hunyuan_a13b", "apriel");
    put(
        named(
                "solar_open",
                "<|tool_calls|><|tool_call:begin|>",
                "<|tool_call:args|>",
                "<|tool_call:end|><|calls|>")
            .namePrefix("call_0<|tool_call:name|>")
            .idEnd("<|tool_call:name|>")
            .numbered("call_")
            .format(),
        "solar_open2");
    Stream.of(
            tags("glm47", "<tool_call>", "", "</tool_call>")
                .parameter("<arg_key>", "</arg_key><arg_value>", "</arg_value>"),
            dsml("deepseek_v32", "function_calls"),
            dsml("deepseek_v4", "tool_calls"),
            json("minimax", "<tool_calls>\n", "\n</tool_calls>"),
            invoke("minimax_m2", "<minimax:tool_call>\n", "\n</minimax:tool_call>"),
            tags(
                    "minimax_m3",
                    "]<]minimax[>[<tool_call>\n]<]minimax[>[<invoke name=\"",
                    "\">",
                    "]<]minimax[>[</invoke>\n]<]minimax[>[</tool_call>")
                .parameter("]<]minimax[>[<", ">", "]<]minimax[>[</KEY>"),
            tags("minicpm5", "<function name=\"", "\">", "</function>")
                .parameter("<param name=\"", "\">", "</param>"),
            tags(
                    "seed_oss",
                    "<seed:tool_call>\n<function=",
                    ">\n",
                    "</function>\n</seed:tool_call>")
                .parameter("<parameter=", ">", "</parameter>\n"),
            tags(
                    "step3",
                    "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜><steptml:invoke"
                        + " name=\"",
                    "\">",
                    "</steptml:invoke><｜tool▁call▁end｜><｜tool▁calls▁end｜>")
                .parameter("<steptml:parameter name=\"", "\">", "</steptml:parameter>"),
            tags(
                    "hy_v3",
                    "<tool_calls:opensource>\n<tool_call:opensource>",
                    "<tool_sep:opensource>\n",
                    "</tool_call:opensource>\n</tool_calls:opensource>")
                .parameter(
                    "<arg_key:opensource>",
                    "</arg_key:opensource>\n<arg_value:opensource>",
                    "</arg_value:opensource>\n"),
            tags(
                    "kimi_k3",
                    "<|open|>tools<|sep|><|open|>call tool=\"",
                    "\" index=\"1\"<|sep|>",
                    "<|close|>call<|sep|><|close|>tools<|sep|>")
                .parameter(
                    "<|open|>argument key=\"",
                    "\" type=\"string\"<|sep|>",
                    "<|close|>argument<|sep|>"),
            json("granite-20b-fc", "<function_call> ", "").alsoEnds("</function_call>"),
            json("phi4_mini_json", "functools[", "]")
                .signs("functools")
                .alsoBegins("<|tool_call|>")
                .alsoEnds("<|/tool_call|>"),
            json("internlm", "<|action_start|><|plugin|>\n", "<|action_end|>")
                .object("{\"name\": \"", "\", \"parameters\":"),
            json("longcat", "<longcat_tool_call>\n", "\n</longcat_tool_call>"),
            json("xlam", "[", "]")
                .bare()
                .alsoBegins("```json", "[TOOL_CALLS]", "<tool_call>")
                .alsoEnds("```", "</tool_call>"),
            json("gigachat3", "<|function_call|>", "").alsoBegins("function call<|role_sep|>"),
            json("apertus", "<|tools_prefix|>[", "]<|tools_suffix|>").object("{\"", "\":"),
            json("nemotron_nano_v2", "<TOOLCALL>[", "]</TOOLCALL>"),
            named("functionary", "<function=", ">", "</function>"),
            named("functionary_v32", ">>>", "\n", "").contentName("all").signs(">>>${recipient}"),
            python("llama4_pythonic", "<|python_start|>[", "]<|python_end|>")
                .bare()
                .signs("<|python_start|>"),
            python("lfm2", "<|tool_call_start|>[", "]<|tool_call_end|>").signs("List of tools: "),
            python("olmo3", "<function_calls>\n", "\n</function_calls>"),
            python("gemma3", "```tool_code\n", "\n```"),
            literal("gemma4", "<|tool_call>call:", "<tool_call|>", "<|\"|>"),
            literal(
                "functiongemma", "<start_function_call>call:", "<end_function_call>", "<escape>"))
        .forEach(markers -> put(markers.format()));
  }

  private ToolCallFormats() {}

  private static void put(ToolCallFormat format, String... otherNames) {
    BY_NAME.put(format.name(), format);
    for (String name : otherNames) {
      BY_NAME.put(name, format.named(name));
    }
  }

  /** Returns the format with this name; empty if there is none. */
  public static Optional<ToolCallFormat> byName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** Returns the names of the formats. */
  public static Set<String> names() {
    return Set.copyOf(BY_NAME.keySet());
  }

  /**
   * Returns all formats. Of several formats with the same markers, the first one has the usual
   * name.
   */
  public static Collection<ToolCallFormat> all() {
    return Collections.unmodifiableCollection(BY_NAME.values());
  }

  private static CallMarkers dsml(String name, String section) {
    return tags(
            name,
            "<｜DSML｜" + section + ">\n<｜DSML｜invoke name=\"",
            "\">\n",
            "</｜DSML｜invoke>\n</｜DSML｜" + section + ">")
        .parameter("<｜DSML｜parameter name=\"", "\" string=\"true\">", "</｜DSML｜parameter>\n");
  }

  private static CallMarkers invoke(String name, String begin, String end) {
    return tags(name, begin + "<invoke name=\"", "\">\n", "</invoke>" + end)
        .parameter("<parameter name=\"", "\">", "</parameter>\n");
  }
}
