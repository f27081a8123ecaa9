package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.DescribedServer;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.Prompt;
import io.github.openaikserve.testing.FakeBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ExplanationTest {
  private final FakeBackend backend = FakeBackend.tokens("x");
  private final OpenAiKServe openai =
      OpenAiKServe.builder(backend)
          .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
          .build();

  @Test
  void explainReturnsPromptCallAndFieldHandlingWithoutCalling() {
    Explanation explanation =
        openai
            .chatCompletions()
            .explain(
                CreateChatCompletionRequest.builder()
                    .model("m")
                    .user("Hi")
                    .maxTokens(5)
                    .n(2)
                    .seed(7L)
                    .presencePenalty(0.0)
                    .stream(true)
                    .extra("user", "u")
                    .extra("unknown", 1)
                    .build());

    assertThat(explanation.model()).isEqualTo("m");
    assertThat(explanation.prompts())
        .containsExactly("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
    assertThat(explanation.calls()).hasSize(1);
    assertThat(explanation.calls().get(0).request().modelName()).isEqualTo("generate_stream");
    assertThat(explanation.calls().get(0).request().input("max_tokens"))
        .contains(Tensor.ints("max_tokens", 5));
    assertThat(explanation.fields())
        .containsOnly(
            entry("model", FieldHandling.EMULATED),
            entry("messages", FieldHandling.EMULATED),
            entry("max_tokens", FieldHandling.MAPPED),
            entry("n", FieldHandling.EMULATED),
            entry("seed", FieldHandling.DROPPED),
            entry("presence_penalty", FieldHandling.IGNORED),
            entry("stream", FieldHandling.EMULATED),
            entry("user", FieldHandling.IGNORED),
            entry("unknown", FieldHandling.IGNORED));
    assertThat(explanation.refusal()).isNull();
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void saysWhyARequestWouldBeRefused() {
    Explanation explanation =
        openai
            .chatCompletions()
            .explain(
                CreateChatCompletionRequest.builder().user("Hi").logprobs(true).seed(1L).build());

    assertThat(explanation.fields())
        .containsEntry("logprobs", FieldHandling.REJECTED)
        .containsEntry("seed", FieldHandling.DROPPED);
    assertThat(explanation.refusal()).hasMessageContaining("'logprobs'");
    assertThat(explanation.calls()).isEmpty();
    assertThat(explanation.prompts()).isEmpty();
  }

  @Test
  void anExtraFieldThatCannotBeUsedIsTheRefusal() {
    Explanation explanation =
        openai
            .chatCompletions()
            .explain(
                CreateChatCompletionRequest.builder()
                    .user("Hi")
                    .extra("max_tokens", "many")
                    .build());

    assertThat(explanation.refusal()).hasMessageContaining("'max_tokens'");
    assertThat(explanation.calls()).isEmpty();
  }

  @Test
  void droppedFieldsAreRejectedByAStrictRoute() {
    var strict = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).strict(true).build();

    Explanation explanation =
        strict
            .completions()
            .explain(CreateCompletionRequest.builder().prompt("p").seed(1L).build());

    assertThat(explanation.fields()).containsEntry("seed", FieldHandling.REJECTED);
    assertThat(explanation.refusal()).hasMessageContaining("seed");
  }

  @Test
  void everyPromptOfACompletionIsACall() {
    Explanation explanation =
        openai
            .completions()
            .explain(
                CreateCompletionRequest.builder()
                    .prompt(new Prompt.Texts(List.of("a", "b")))
                    .echo(true)
                    .build());

    assertThat(explanation.prompts()).containsExactly("a", "b");
    assertThat(explanation.calls()).hasSize(2);
    assertThat(explanation.fields())
        .containsEntry("prompt", FieldHandling.MAPPED)
        .containsEntry("echo", FieldHandling.EMULATED);
  }

  @Test
  void anUnknownModelIsNotAskedFor() {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(
            () ->
                openai
                    .chatCompletions()
                    .explain(
                        CreateChatCompletionRequest.builder().model("other").user("Hi").build()))
        .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(404));
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void aTemplatesArgumentsAreEmulatedWhereItReadsThem() {
    var thinking =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(new ThinkingTemplate()))
            .build();
    var request =
        CreateChatCompletionRequest.builder()
            .user("Hi")
            .reasoningEffort("low")
            .extra("chat_template_kwargs", Map.of("enable_thinking", false));

    assertThat(thinking.chatCompletions().explain(request.build()).prompts())
        .containsExactly("{enable_thinking=false, reasoning_effort=low}");
    assertThat(thinking.chatCompletions().explain(request.build()).fields())
        .containsEntry("chat_template_kwargs", FieldHandling.EMULATED)
        .containsEntry("reasoning_effort", FieldHandling.EMULATED);
    assertThat(openai.chatCompletions().explain(request.build()).fields())
        .containsEntry("chat_template_kwargs", FieldHandling.DROPPED);
  }

  @Test
  void theInputsOfEmbeddingsAreExplainedInTheirBatches() {
    Explanation explanation =
        openai
            .embeddings()
            .explain(CreateEmbeddingRequest.builder().input("a", "b").extra("user", "u").build());

    assertThat(explanation.prompts()).containsExactly("a", "b");
    assertThat(explanation.calls()).isNotEmpty();
    assertThat(explanation.calls().get(0).request().modelName()).isEqualTo("embed");
    assertThat(explanation.fields())
        .containsOnly(
            entry("model", FieldHandling.EMULATED),
            entry("input", FieldHandling.MAPPED),
            entry("user", FieldHandling.IGNORED));
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void aDialectThatWasNotDetectedYetIsExplainedOnceItsServerWasAsked() {
    var server = new DescribedServer().hasText("writer");
    var detecting = OpenAiKServe.builder(server).model("writer", m -> m.detect(true)).build();
    var request = CreateCompletionRequest.builder().prompt("p").build();

    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> detecting.completions().explain(request))
        .withMessageContaining("'writer'")
        .withMessageContaining("has not been detected yet. Call check()");
    assertThat(server.descriptions).hasValue(0);

    detecting.check();

    assertThat(detecting.completions().explain(request).prompts()).containsExactly("p");
  }

  @Test
  void explainAsyncFetchesTheMetadataItNeeds() {
    var server = new DescribedServer().hasText("writer");
    var detecting = OpenAiKServe.builder(server).model("writer", m -> m.detect(true)).build();
    var unknown = CreateCompletionRequest.builder().model("other").prompt("p").build();

    Explanation explanation =
        detecting
            .completions()
            .explainAsync(CreateCompletionRequest.builder().prompt("p").build())
            .join();

    assertThat(explanation.prompts()).containsExactly("p");
    assertThat(detecting.completions().explainAsync(unknown)).isCompletedExceptionally();
  }

  @Test
  void saysHowTheFormatsOfATemplateWereFound() {
    Path templates = Path.of("src/test/resources/model-templates");

    assertThat(formats(m -> m.chatTemplate(jinja(templates.resolve("Qwen3.5-4B.jinja")))))
        .containsExactly(
            "reasoning: think, because its markers are those of reasoning that the template"
                + " writes: <think>REASONING</think>ANSWER",
            "tool calls: qwen3_coder, because its markers are those of a call that the template"
                + " writes: "
                + ToolCallFormats.QWEN3_CODER.pattern());
  }

  @Test
  void saysThatTheSettingsChooseOrTurnOffAFormat() {
    assertThat(
            formats(
                m ->
                    m.chatTemplate(ChatTemplates.QWEN3)
                        .toolCallFormat(ToolCallFormats.MISTRAL)
                        .separateReasoning(false)))
        .containsExactly(
            "reasoning: none, because the model's settings turn it off",
            "tool calls: mistral, because the model's settings name it: "
                + ToolCallFormats.MISTRAL.pattern());
    assertThat(
            formats(
                m ->
                    m.chatTemplate(ChatTemplates.QWEN25)
                        .reasoningFormat(ReasoningFormats.THINK)
                        .tools(false)))
        .containsExactly(
            "reasoning: think, because the model's settings name it: "
                + ReasoningFormats.THINK.pattern(),
            "tool calls: none, because the model's settings turn them off");
  }

  private static ChatTemplate jinja(Path file) {
    return ChatTemplates.fromJinja(file);
  }

  private static List<String> formats(Consumer<ModelBuilder> model) {
    return OpenAiKServe.builder(FakeBackend.tokens("x"))
        .model(
            "m",
            m -> {
              m.dialect(Dialects.ANYSERVE);
              model.accept(m);
            })
        .build()
        .chatCompletions()
        .explain(CreateChatCompletionRequest.builder().model("m").user("Hi").build())
        .formats();
  }
}
