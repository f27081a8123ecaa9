package io.github.openaikserve.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.format.AnswerParser;
import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formats that are found for models' own templates; see {@code model-templates/README.md}. */
final class ModelTemplatesTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/model-templates");
  private static final ChatCompletionTool TOOL =
      ChatCompletionTool.function(
          "get_weather",
          "Tells the weather.",
          Map.of(
              "type",
              "object",
              "properties",
              Map.of("city", Map.of("type", "string", "description", "The city.")),
              "required",
              List.of("city")));

  private static List<ChatCompletionRequestMessage> agent() {
    var call =
        new ChatCompletionMessageToolCall("call_123456789", "get_weather", "{\"city\": \"Bern\"}");
    return List.of(
        ChatCompletionRequestMessage.user("Weather?"),
        new AssistantMessage(null, null, List.of(call), Map.of()),
        ChatCompletionRequestMessage.tool("call_123456789", "20 degrees"));
  }

  private static ChatTemplate template(String name) {
    return ChatTemplates.fromJinja(DIRECTORY.resolve(name + ".jinja"));
  }

  @ParameterizedTest
  @CsvSource({
    "Qwen-Qwen2.5-7B-Instruct, -, hermes",
    "Qwen-Qwen3-0.6B, think, hermes",
    "Qwen3-Coder, -, qwen3_coder",
    "Qwen3.5-4B, think, qwen3_coder",
    "StepFun3.5-Flash, think, qwen3_coder",
    "GLM-4.6, think, glm45",
    "GLM-4.7-Flash, think, glm47",
    "inclusionai-ling-3.0-flash, think, glm45",
    "ByteDance-Seed-OSS, seed, seed_oss",
    "ibm-granite-granite-3.3-2B-Instruct, granite33, granite",
    "ibm-granite-granite-4.0, -, hermes",
    "Apertus-8B-Instruct, apertus, apertus",
    "unsloth-Apriel-1.5, apriel, jamba",
    "Apriel-1.6-15b-Thinker-fixed, apriel, jamba",
    "GigaChat3-10B-A1.8B, -, derived",
    "GigaChat3.1-10B-A1.8B, -, gigachat3",
    "openai-gpt-oss-120b, harmony, harmony",
    "moonshotai-Kimi-K2, -, kimi_k2",
    "Kimi-K3, kimi_k3, kimi_k3",
    "MiniMax-M1, -, minimax",
    "MiniMax-M2, think, minimax_m2",
    "mistralai-Mistral-Nemo-Instruct-2407, -, mistral",
    "Mistral-Small-3.2-24B-Instruct-2506, -, mistral_v11",
    "mistralai-Ministral-3-14B-Reasoning-2512, mistral, mistral_v11",
    "unsloth-mistral-Devstral-Small-2507, -, mistral_v11",
    "meetkai-functionary-medium-v3.1, -, functionary",
    "meetkai-functionary-medium-v3.2, -, functionary_v32",
    "openbmb-MiniCPM5-1B, think, minicpm5",
    "google-gemma-4-31B-it, gemma4, gemma4",
    "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B, think, -",
    "documented/Gemma-3, -, -",
  })
  void aTemplateShowsTheFormatsOfItsModel(String name, String reasoning, String toolCalls) {
    ModelFormat format = template(name).format();

    assertThat(format.reasoning() == null ? "-" : format.reasoning().name()).isEqualTo(reasoning);
    assertThat(format.toolCalls() == null ? "-" : format.toolCalls().name()).isEqualTo(toolCalls);
  }

  @ParameterizedTest
  @CsvSource({
    "Qwen-Qwen2.5-7B-Instruct",
    "Qwen3.5-4B",
    "GLM-4.6",
    "ByteDance-Seed-OSS",
    "ibm-granite-granite-3.3-2B-Instruct",
    "ibm-granite-granite-4.0",
    "Apertus-8B-Instruct",
    "openai-gpt-oss-120b",
    "moonshotai-Kimi-K2",
    "MiniMax-M2",
    "mistralai-Mistral-Nemo-Instruct-2407",
    "meetkai-functionary-medium-v3.1",
    "meetkai-functionary-medium-v3.2",
    "google-gemma-4-31B-it",
  })
  void theSecondTurnOfAnAgentIsRendered(String name) {
    String prompt =
        template(name).render(new Conversation(agent(), List.of(TOOL), Map.of())).text();

    assertThat(prompt.substring(prompt.lastIndexOf("Weather?")))
        .contains("get_weather", "Bern", "20 degrees");
  }

  /** Templates that are written here from what a model's makers document. */
  @ParameterizedTest
  @CsvSource({
    "Command-A-Reasoning, command_a, cohere_command3",
    "Command-R7B, command_a, cohere_command3",
    "DeepSeek-V3.1, think, deepseek_v31",
    "DeepSeek-V3.2, think, deepseek_v32",
    "DeepSeek-V4, think, deepseek_v4",
    "ERNIE-4.5-Thinking, granite33, hermes",
    "FunctionGemma, -, functiongemma",
    "GLM-5, think, glm47",
    "Granite-20b-functioncalling, -, granite-20b-fc",
    "Hunyuan-A13B, hunyuan_a13b, jamba",
    "Hy3, think, hy_v3",
    "InternLM2, -, internlm",
    "Jamba, -, jamba",
    "Kimi-K2.5, think, kimi_k2",
    "LFM2, -, lfm2",
    "LFM2.5, think, lfm2",
    "Llama-4, -, llama3_json",
    "Llama-4-pythonic, -, llama4_pythonic",
    "LongCat-Flash, -, longcat",
    "MiniMax-M3, minimax_m3, minimax_m3",
    "Nemotron-3-Nano, think, qwen3_coder",
    "Nemotron-Nano-v2, think, nemotron_nano_v2",
    "Olmo-3, think, olmo3",
    "Phi-4-mini, -, phi4_mini",
    "SmolLM3, think, hermes",
    "SmolLM3-xml-tools, think, hermes",
    "Solar-Open, solar_open, solar_open",
    "Step3, think, step3",
    "xLAM-2, -, xlam",
  })
  void aDocumentedFormatIsFoundAndReadsItsOwnCall(String name, String reasoning, String toolCalls) {
    aTemplateShowsTheFormatsOfItsModel("documented/" + name, reasoning, toolCalls);
    ChatTemplate template = template("documented/" + name);
    ToolCallFormat format = Objects.requireNonNull(template.format().toolCalls());
    String prompt = template.render(new Conversation(agent(), List.of(TOOL), Map.of())).text();
    List<String> calls = new ArrayList<>();

    parse(new ModelFormat(null, format), prompt.substring(prompt.lastIndexOf("Weather?")), calls);

    assertThat(prompt).contains("20 degrees");
    assertThat(calls.toString().replace(" ", "")).isEqualTo("[get_weather{\"city\":\"Bern\"}]");
  }

  private static void parse(ModelFormat format, String text, List<String> calls) {
    AnswerParser parser = format.parser("", List.of(TOOL));
    var sink =
        new AnswerParser.Sink() {
          private final StringBuilder call = new StringBuilder();

          @Override
          public void content(String text) {}

          @Override
          public void reasoning(String text) {}

          @Override
          public void toolCall(@Nullable String id, String name) {
            call.setLength(0);
            call.append(name);
          }

          @Override
          public void arguments(String piece) {
            call.append(piece);
          }

          @Override
          public void callEnd(@Nullable String lateId) {
            calls.add(call.toString());
          }

          @Override
          public void invalidCall(String text, boolean cut) {}
        };
    parser.next(text, sink);
    parser.end(sink, false);
  }

  @Test
  void aTemplateWithoutToolsHasNoFormatOfCalls() {
    assertThat(ChatTemplates.fromJinja("{{ messages[0].content }}").format())
        .isEqualTo(ModelFormat.TEXT);
  }

  /** The call is written, but no format is found that the parser reads back. */
  @Test
  void aFormatThatIsNotUnderstoodIsNotGuessed() {
    ModelFormat format =
        ChatTemplates.fromJinja(
                "{{ tools | tojson }}{% for m in messages %}{{ m.content }}{% for c in m.tool_calls"
                    + " or [] %}<tool_call>run {{ c.function.name }} with{% for k in"
                    + " c.function.arguments %} {{ k }}{% endfor %}{% endfor %}{% endfor %}")
            .format();

    assertThat(format.toolCalls()).isNull();
  }

  /** Kimi K2's first template changes a list, which the sandbox of transformers does not allow. */
  @ParameterizedTest
  @CsvSource({"'<tool_call>%s</tool_call>', hermes", "'%s{# <tool_call></tool_call> #}', -"})
  void aTemplateThatFailsForCallsIsReadOutsideItsComments(String call, String expected) {
    ToolCallFormat calls =
        ChatTemplates.fromJinja(
                "{% set ids = [] %}{{ tools | tojson }}{% for m in messages %}{{ m.content }}"
                    + "{% for c in m.tool_calls or [] %}{{ ids.append(c.id) }}"
                    + call.formatted("{\"name\": {{ c.function.name }}, \"arguments\": {}}")
                    + "{% endfor %}{% endfor %}")
            .format()
            .toolCalls();

    assertThat(calls == null ? "-" : calls.name()).isEqualTo(expected);
  }

  @Test
  void aNewFormatIsDerived() {
    ToolCallFormat calls =
        ChatTemplates.fromJinja(
                "{{ tools | tojson }}{% for m in messages %}<turn>{{ m.role }}\n"
                    + "{{ m.content or '' }}{% for c in m.tool_calls or [] %}<do {{ c.function.name"
                    + " }}>{% for k, v in c.function.arguments.items() %}<set {{ k }}>{{ v if v is"
                    + " string else v | tojson }}</set>{% endfor %}</do>{% endfor %}</turn>\n"
                    + "{% endfor %}{% if add_generation_prompt %}<turn>assistant\n"
                    + "{% endif %}")
            .format()
            .toolCalls();

    assertThat(Objects.requireNonNull(calls).pattern())
        .isEqualTo("<do NAME><set KEY>VALUE</set></do>");
  }

  /** A header of messages stands before every text, so it does not open reasoning. */
  @ParameterizedTest
  @CsvSource({
    "<|say|>, <|done|>, <|say|>, false",
    "<|muse|>, <|/muse|>, '', true",
    "<|muse|>, <|/muse|>, <|muse|><|/muse|>, true",
  })
  void reasoningIsDerivedFromTagsThatOnlyReasoningHas(
      String begin, String end, String plain, boolean derived) {
    ModelFormat format =
        ChatTemplates.fromJinja(
                ("{%% for m in messages %%}<turn>{{ m.role }}\n"
                        + "{%% if m.reasoning_content %%}%s{{ m.reasoning_content }}%s{%% else %%}"
                        + "%s{%% endif %%}{{ m.content }}</turn>\n"
                        + "{%% endfor %%}{%% if add_generation_prompt %%}<turn>assistant\n"
                        + "{%% endif %%}")
                    .formatted(begin, end, plain))
            .format();

    assertThat(format.reasoning() == null ? List.of() : format.reasoning().begins())
        .isEqualTo(derived ? List.of(begin) : List.of());
  }
}
