package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Answers whose format the server enforces from the first token, so that the model can neither
 * begin nor end its reasoning.
 */
final class EnforcedFormatTest {
  private static final Path TEMPLATES = Path.of("src/test/resources/model-templates");
  private static final Map<String, Object> FORMAT =
      Map.of(
          "type",
          "json_schema",
          "json_schema",
          Map.of("name", "n", "schema", Map.of("type", "object")));

  private static OpenAiKServe serving(FakeBackend backend, String template) {
    return OpenAiKServe.builder(backend)
        .model(
            "m",
            m ->
                m.dialect(Dialects.TRITON_VLLM)
                    .chatTemplate(ChatTemplates.fromJinja(TEMPLATES.resolve(template + ".jinja"))))
        .build();
  }

  private static FakeBackend writing(String... pieces) {
    return FakeBackend.answering(call -> ScriptedResponse.texts("text_output", pieces));
  }

  private static String prompt(String template, Consumer<CreateChatCompletionRequest.Builder> r) {
    FakeBackend backend = writing("x");
    serving(backend, template).chatCompletions().create(request -> r.accept(request.user("Hi")));
    return backend.onlyRequest().input("text_input").orElseThrow().texts().get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Qwen3.5-4B; \\n</think>\\n\\n",
        "Kimi-K3; \\n<|close|>think<|sep|>\\n\\n<|open|>response<|sep|>",
        "openai-gpt-oss-120b; <|channel|>final<|message|>",
        "Qwen-Qwen3-0.6B; ''",
        "Qwen-Qwen2.5-7B-Instruct; ''",
      })
  void thePromptEndsOpenReasoningAndTheAnswerIsContent(String template, String added) {
    String usual = prompt(template, r -> {});

    assertThat(prompt(template, r -> r.responseFormat(FORMAT)))
        .isEqualTo(usual + added.replace("\\n", "\n"));
    for (FakeBackend backend :
        List.of(writing("{\"a\": 1}"), writing("{", "\"a\"", ":", " ", "1", "}"))) {
      ChatCompletion answer =
          WholeAndStreamed.ask(
              serving(backend, template), r -> r.user("Hi").responseFormat(FORMAT));

      assertThat(answer.text()).isEqualTo("{\"a\": 1}");
      assertThat(answer.choices().get(0).message().reasoningContent()).isNull();
    }
  }

  @Test
  void otherConstraintsEndReasoningUnlessTextMayPrecedeThem() {
    String usual = prompt("Qwen3.5-4B", r -> {});

    assertThat(prompt("Qwen3.5-4B", r -> constrained(r, "choice", List.of("yes", "no"))))
        .isEqualTo(usual + "\n</think>\n\n");
    assertThat(prompt("Qwen3.5-4B", r -> constrained(r, "structural_tag", "{}"))).isEqualTo(usual);
  }

  private static void constrained(
      CreateChatCompletionRequest.Builder request, String key, Object value) {
    request.extra("structured_outputs", Map.of(key, value));
  }

  @Test
  void anEmulatedFormatLeavesTheReasoningToTheModel() {
    FakeBackend backend = FakeBackend.tokens("hm</think>{\"a\": 1}");
    ChatCompletion answer =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .emulateResponseFormat(true)
                        .chatTemplate(
                            ChatTemplates.fromJinja(TEMPLATES.resolve("Qwen3.5-4B.jinja"))))
            .build()
            .chatCompletions()
            .create(r -> r.user("Hi").responseFormat(FORMAT));

    assertThat(answer.text()).isEqualTo("{\"a\": 1}");
    assertThat(answer.choices().get(0).message().reasoningContent()).isEqualTo("hm");
  }
}
