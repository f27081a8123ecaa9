package io.github.openaikserve.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokens that end a turn, read from what a template writes after an answer. */
final class TurnEndsTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/model-templates");

  /** A template whose text after an answer is chosen by a test. */
  private static final String TURNS =
      "{{ tools | tojson if tools else '' }}{%% for m in messages %%}<|head|>{{ m.role }}\n"
          + "{{ m.content or '' }}{%% for c in m.tool_calls or [] %%}<tool_call>\n{\"name\": \"{{"
          + " c.function.name }}\", \"arguments\": {{ c.function.arguments | tojson }}}\n"
          + "</tool_call>{%% endfor %%}%s{%% endfor %%}"
          + "{%% if add_generation_prompt %%}<|head|>assistant\n{%% endif %%}";

  private static List<String> ends(ChatTemplate template) {
    ChatPrompt prompt =
        template.render(new Conversation(List.of(ChatCompletionRequestMessage.user("Hi"))));
    assertThat(prompt.stopSequences()).startsWith(prompt.endTokens().toArray(String[]::new));
    return prompt.endTokens();
  }

  private static ChatTemplate turns(String afterEachMessage) {
    return ChatTemplates.fromJinja(TURNS.formatted(afterEachMessage), "", "<eos>");
  }

  @Test
  void theTokenAfterAnAnswerEndsIt() {
    assertThat(ends(turns("<|no_known_token|>\n"))).containsExactly("<eos>", "<|no_known_token|>");
  }

  @Test
  void theTokenAfterACallEndsTheAnswerToo() {
    assertThat(ends(turns("{{ '<|more|>' if m.tool_calls else '<|done|>' }}")))
        .containsExactly("<eos>", "<|done|>", "<|more|>");
  }

  @Test
  void whereNothingFollowsAnAnswerTheNextMessageEndsIt() {
    assertThat(ends(turns(""))).containsExactly("<eos>", "<|head|>");
  }

  @Test
  void aTokenThatOnlyEndsEarlierMessagesEndsAnAnswer() {
    assertThat(ends(turns("{{ '<|done|>' if not loop.last }}")))
        .containsExactly("<eos>", "<|done|>");
  }

  /** {@code <s>} without being named too, because answers in HTML have it. */
  @ParameterizedTest
  @CsvSource({"<bos>, <bos>", "<s>, <s>", "<s>, ''"})
  void theTokenThatBeginsAPromptEndsNoAnswer(String written, String bos) {
    ChatTemplate template =
        ChatTemplates.fromJinja(
            "{% for m in messages %}{{ m.content }}" + written + "<|user|>{% endfor %}", bos, "");

    assertThat(ends(template)).containsExactly("<|user|>");
  }

  /** A stop at one of these would cut answers that write HTML or lists. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for m in messages %}<p>{{ m.role }}: {{ m.content }}</p>{% endfor %}",
        "{% for m in messages %}<div><b>{{ m.role }}</b>{{ m.content }}</div>{% endfor %}",
        "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}",
        "{% for m in messages %}[INST] {{ m.content }} [/INST]{% endfor %}",
        "{% for m in messages %}<p>{{ m.content }}</p>{{ eos_token }}{% endfor %}"
      })
  void ordinaryTextEndsNoAnswer(String source) {
    assertThat(ends(ChatTemplates.fromJinja(source, "", "<eos>"))).containsExactly("<eos>");
    assertThat(ends(ChatTemplates.fromJinja(source, "", ""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n\nHuman: Answer in <b>bold</b>. ",
        "\nWrite code in <code> tags and cite sources as [1].\n\nHuman: ",
        "\"}],\"x\":[]} "
      })
  void aTokenInAnInstructionAfterAnAnswerEndsNone(String after) {
    ChatTemplate template =
        ChatTemplates.fromJinja(
            "{% for m in messages %}{{ m.content }}" + after + "{% endfor %}Assistant: ", "", "");

    assertThat(ends(template)).isEmpty();
  }

  /** Every token of the formats, where a template does not write it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{# %s #}",
        "{% if false %}%s{% endif %}",
        "{% if messages | length > 99 %}%s{% endif %}",
        "{% macro unused() %}%s{% endmacro %}"
      })
  void tokensThatATemplateDoesNotWriteChangeNothing(String unwritten) {
    String tokens =
        "<|im_end|><|eot_id|><|eom_id|><|eot|><end_of_turn><turn|><|end|><|end_of_text|>"
            + "<|endoftext|><|END_OF_TURN_TOKEN|><｜end▁of▁sentence｜></s>"
            + "<|channel|>final<|message|><|return|><|call|><think></think>[THINK][/THINK]"
            + "<|START_THINKING|><|END_THINKING|><|START_RESPONSE|>";
    ChatTemplate template =
        ChatTemplates.fromJinja(
            unwritten.replace("%s", tokens) + TURNS.formatted("<|done|>"), "", "<eos>");
    ModelFormat format = template.format();

    assertThat(ends(template)).containsExactly("<eos>", "<|done|>");
    assertThat(format.reasoning()).isNull();
    assertThat(ChatTemplates.fromJinja(unwritten.replace("%s", tokens)).format())
        .isEqualTo(ModelFormat.TEXT);
    assertThat(Objects.requireNonNull(format.toolCalls())).isSameAs(ToolCallFormats.HERMES);
  }

  @Test
  void harmonysMessagesEndBeforeTheAnswerDoes() {
    ChatTemplate template =
        ChatTemplates.fromJinja(
            "{% for m in messages %}<|start|>{{ m.role }}{% if m.role == 'assistant' %}"
                + "<|channel|>final{% endif %}<|message|>{{ m.content }}<|end|>{% endfor %}");

    assertThat(ends(template)).containsExactly("<|return|>", "<|call|>");
    assertThat(Objects.requireNonNull(template.format().reasoning()).channels()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "Apertus-8B-Instruct, '<|assistant_end|>'",
    "Apriel-1.6-15b-Thinker-fixed, '<|end|>'",
    "ByteDance-Seed-OSS, '<seed:eos>'",
    "GLM-4.6, '<|user|> <|observation|>'",
    "GLM-4.7-Flash, '<|user|> <|observation|>'",
    "GigaChat3-10B-A1.8B, ''",
    "GigaChat3.1-10B-A1.8B, '<|message_sep|>'",
    "Kimi-K3, '<|end_of_msg|>'",
    "MiniMax-M1, '<end_of_sentence>'",
    "MiniMax-M2, '[e~['",
    "Mistral-Small-3.2-24B-Instruct-2506, ''",
    "Qwen-Qwen2.5-7B-Instruct, '<|im_end|>'",
    "Qwen-Qwen3-0.6B, '<|im_end|>'",
    "Qwen3-Coder, '<|im_end|>'",
    "Qwen3.5-4B, '<|im_end|>'",
    "StepFun3.5-Flash, '<|im_end|>'",
    "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B, '<｜end▁of▁sentence｜>'",
    "documented/Command-A-Reasoning, '<|END_OF_TURN_TOKEN|>'",
    "documented/Command-R7B, '<|END_OF_TURN_TOKEN|>'",
    "documented/DeepSeek-V3.1, '<｜end▁of▁sentence｜>'",
    "documented/DeepSeek-V3.2, '<｜end▁of▁sentence｜>'",
    "documented/DeepSeek-V4, '<｜end▁of▁sentence｜>'",
    "documented/ERNIE-4.5-Thinking, '<|im_end|>'",
    "documented/FunctionGemma, '<end_of_turn>'",
    "documented/Gemma-3, '<end_of_turn>'",
    "documented/GLM-5, '<|user|> <|observation|>'",
    "documented/Granite-20b-functioncalling, '<|endoftext|>'",
    "documented/Hunyuan-A13B, '<|eos|>'",
    "documented/Hy3, '<｜hy_eos｜>'",
    "documented/InternLM2, '<|im_end|>'",
    "documented/Jamba, '<|eom|>'",
    "documented/Kimi-K2.5, '<|im_end|>'",
    "documented/LFM2, '<|im_end|>'",
    "documented/LFM2.5, '<|im_end|>'",
    "documented/Llama-4, '<|eot|>'",
    "documented/Llama-4-pythonic, '<|eot|>'",
    "documented/LongCat-Flash, '</longcat_s>'",
    "documented/MiniMax-M3, '[e~['",
    "documented/Nemotron-3-Nano, '<|im_end|>'",
    "documented/Nemotron-Nano-v2, '<SPECIAL_10> <SPECIAL_11>'",
    "documented/Olmo-3, '<|im_end|>'",
    "documented/Phi-4-mini, '<|end|>'",
    "documented/SmolLM3, '<|im_end|>'",
    "documented/SmolLM3-xml-tools, '<|im_end|>'",
    "documented/Solar-Open, '<|tool_response|>'",
    "documented/Step3, '<|EOT|>'",
    "documented/xLAM-2, '<|im_end|>'",
    "google-gemma-4-31B-it, '<turn|> <|tool_response>'",
    "ibm-granite-granite-3.3-2B-Instruct, '<|end_of_text|>'",
    "ibm-granite-granite-4.0, '<|end_of_text|>'",
    "inclusionai-ling-3.0-flash, '<|role_end|>'",
    "meetkai-functionary-medium-v3.1, '<|eot_id|> <|eom_id|>'",
    "meetkai-functionary-medium-v3.2, '<|eot_id|>'",
    "mistralai-Ministral-3-14B-Reasoning-2512, ''",
    "mistralai-Mistral-Nemo-Instruct-2407, ''",
    "moonshotai-Kimi-K2, '<|im_end|>'",
    "openai-gpt-oss-120b, '<|return|> <|call|>'",
    "openbmb-MiniCPM5-1B, '<|im_end|>'",
    "unsloth-Apriel-1.5, '<|end|>'",
    "unsloth-mistral-Devstral-Small-2507, ''"
  })
  void aModelsTemplateShowsItsEnds(String name, String ends) {
    ChatTemplate template = ChatTemplates.fromJinja(DIRECTORY.resolve(name + ".jinja"));

    assertThat(String.join(" ", ends(template))).isEqualTo(ends);
  }

  @Test
  void theEndsOfEveryModelsTemplateAreListedHere() throws Exception {
    var method =
        getClass().getDeclaredMethod("aModelsTemplateShowsItsEnds", String.class, String.class);
    Set<String> listed = new TreeSet<>();
    for (String row : method.getAnnotation(CsvSource.class).value()) {
      listed.add(row.substring(0, row.indexOf(',')));
    }

    assertThat(listed).isEqualTo(templates());
  }

  private static Set<String> templates() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      files
          .map(file -> DIRECTORY.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.endsWith(".jinja"))
          .forEach(name -> names.add(name.replace(".jinja", "")));
    }
    return names;
  }

  @ParameterizedTest
  @CsvSource({
    "alpaca, '</s>'",
    "chatml, '<|im_end|>'",
    "command-r, '<|END_OF_TURN_TOKEN|>'",
    "deepseek-r1, '<｜end▁of▁sentence｜>'",
    "deepseek-v3, '<｜end▁of▁sentence｜>'",
    "gemma2, '<end_of_turn>'",
    "gemma3, '<end_of_turn>'",
    "granite3, '<|end_of_text|>'",
    "llama2, '</s>'",
    "llama3, '<|eot_id|> <|eom_id|>'",
    "mistral-v1, '</s>'",
    "mistral-v3, '</s>'",
    "mistral-v7, '</s>'",
    "phi3, '<|end|>'",
    "phi4, '<|im_end|>'",
    "phi4-mini, '<|end|>'",
    "qwen2.5, '<|im_end|>'",
    "qwen3, '<|im_end|>'",
    "vicuna, '</s>'",
    "zephyr, '</s>'"
  })
  void aBuiltInTemplateHasItsEnds(String name, String ends) {
    assertThat(String.join(" ", ends(ChatTemplates.byName(name).orElseThrow()))).isEqualTo(ends);
  }
}
