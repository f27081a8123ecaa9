package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.testing.FakeBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which stop sequences a server receives, which special tokens it shows, and where text is cut. */
final class EndTokensTest {
  private static final ChatCompletionTool WEATHER =
      ChatCompletionTool.function("weather", "", Map.of("type", "object"));

  @ParameterizedTest
  @ValueSource(strings = {"chatml", "llama3", "mistral-v3", "gemma3", "qwen3", "zephyr", "phi3"})
  void aServerWithDefaultEndTokensReceivesNone(String template) {
    FakeBackend backend = vllm("Hello");

    model(backend, Dialects.TRITON_VLLM, template).chatCompletions().create(r -> r.user("Hi"));

    assertThat(sampling(backend)).doesNotContain("\"stop\"");
  }

  @Test
  void aServerWithDefaultEndTokensReceivesOnlyTheRequestsStopSequences() {
    FakeBackend backend = vllm("Hello");

    model(backend, Dialects.TRITON_VLLM, "plain").chatCompletions().create(r -> r.user("Hi"));
    assertThat(sampling(backend)).contains("\"stop\":[\"\\n\\nUser:\"");
    model(backend, Dialects.TRITON_VLLM, "alpaca").chatCompletions().create(r -> r.user("Hi"));
    assertThat(sampling(backend)).contains("\"stop\":[\"### Instruction:\"]");
    model(backend, Dialects.TRITON_VLLM, "zephyr")
        .chatCompletions()
        .create(r -> r.user("Hi").stop("</s>", "END"));
    assertThat(sampling(backend)).contains("\"stop\":[\"</s>\",\"END\"]");
  }

  @Test
  void aServerThatMayNotKnowThemReceivesEndTokens() {
    Dialect own =
        Dialects.generic("prompt", "text").input("stop", Datatype.BYTES, RequestField.STOP).build();
    FakeBackend backend = texts("Hello");

    model(backend, own, "chatml").chatCompletions().create(r -> r.user("Hi"));

    assertThat(backend.onlyRequest().input("stop").orElseThrow().texts())
        .containsExactly("<|im_end|>");
  }

  @Test
  void anEndTokenThatAppearsInTheTextIsCut() {
    ChatCompletion answer =
        model(vllm("Hello<|im_end|>\n<|im_start|>user"), Dialects.TRITON_VLLM, "chatml")
            .chatCompletions()
            .create(r -> r.user("Hi"));

    assertThat(answer.text()).isEqualTo("Hello");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void typedEndTokensDoNotCutTheTextOfAServerThatKnowsThem() {
    OpenAiKServe openai = model(vllm("Price: <s>10</s> now 8"), Dialects.TRITON_VLLM, "mistral-v7");

    ChatCompletion answer = openai.chatCompletions().create(r -> r.user("Hi"));

    assertThat(answer.text()).isEqualTo("Price: <s>10</s> now 8");
  }

  @Test
  void typedEndTokensDoNotCutReasoning() {
    for (Dialect dialect : List.of(Dialects.TRITON_VLLM, Dialects.ANYSERVE)) {
      FakeBackend backend =
          dialect == Dialects.ANYSERVE
              ? FakeBackend.tokens("<think>the token <|im_end|> ends</think>Answer<|im_end|>\n")
              : vllm("<think>the token <|im_end|> ends</think>Answer<|im_end|>\n");

      ChatCompletion answer =
          model(backend, dialect, "qwen3").chatCompletions().create(r -> r.user("Hi"));

      assertThat(answer.text()).isEqualTo("Answer");
      assertThat(answer.choices().get(0).message().reasoningContent())
          .isEqualTo("the token <|im_end|> ends");
      assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
    }
  }

  @Test
  void anEndTokenAfterACallEndsTheAnswer() {
    ChatCompletion answer =
        model(
                FakeBackend.tokens(
                    "[TOOL_CALLS] [{\"name\":\"weather\",\"arguments\":{\"a\":\"<s>1</s>\"}}]",
                    "</s>",
                    "[INST] Hi"),
                Dialects.ANYSERVE,
                "mistral-v3")
            .chatCompletions()
            .create(r -> r.user("Hi").tools(List.of(WEATHER)));

    assertThat(answer.toolCalls())
        .extracting(call -> call.arguments().replace(": ", ":"))
        .containsExactly("{\"a\":\"<s>1</s>\"}");
    assertThat(answer.text()).isEmpty();
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
  }

  @Test
  void onlyTextThatCouldBeginAStopSequenceIsHeldBack() {
    var openai =
        model(
            pieces("Hello", " <", "b>", " a<|im", "_x", "<|im_e", "nd|>", " never"),
            Dialects.TRITON_VLLM,
            "chatml");
    List<String> texts = new ArrayList<>();

    try (var chunks = openai.chatCompletions().stream(r -> r.user("Hi"))) {
      chunks.forEach(chunk -> texts.add(chunk.text()));
    }

    texts.removeIf(String::isEmpty);
    assertThat(texts).containsExactly("Hello", " ", "<b>", " a", "<|im_x");
  }

  @Test
  void specialTokensAreShownWithToolsOnly() {
    for (String template : List.of("chatml", "qwen3", "deepseek-r1", "phi4", "granite3")) {
      FakeBackend backend = vllm("Hello");
      OpenAiKServe openai = model(backend, Dialects.TRITON_VLLM, template);

      openai.chatCompletions().create(r -> r.user("Hi"));
      assertThat(sampling(backend)).as(template).doesNotContain("skip_special_tokens");
    }
    FakeBackend backend = vllm("Hello");
    model(backend, Dialects.TRITON_VLLM, "chatml")
        .chatCompletions()
        .create(r -> r.user("Hi").tools(List.of(WEATHER)));
    assertThat(sampling(backend)).contains("\"skip_special_tokens\":false");
  }

  @Test
  void specialTokensAreShownWhereTheyMarkReasoning() {
    for (var format :
        List.of(ReasoningFormats.HARMONY, ReasoningFormats.COMMAND_A, ReasoningFormats.MISTRAL)) {
      FakeBackend backend = vllm("Hello");
      var openai =
          OpenAiKServe.builder(backend)
              .model("m", m -> m.dialect(Dialects.TRITON_VLLM).reasoningFormat(format))
              .build();

      openai.chatCompletions().create(r -> r.user("Hi"));

      assertThat(sampling(backend)).as(format.name()).contains("\"skip_special_tokens\":false");
    }
  }

  @Test
  void aTemplateOfAnApplicationChoosesWhichOfItsStopsAreEndTokens() {
    ChatTemplate template =
        conversation ->
            new ChatPrompt("p", List.of("<end>", "Human:"), List.of("<end>"), false, List.of());
    FakeBackend backend = vllm("Hello<end>");
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.TRITON_VLLM).chatTemplate(template))
            .build();

    ChatCompletion answer = openai.chatCompletions().create(r -> r.user("Hi"));

    assertThat(sampling(backend)).contains("\"stop\":[\"Human:\"]");
    assertThat(answer.text()).isEqualTo("Hello");
  }

  private static OpenAiKServe model(FakeBackend backend, Dialect dialect, String template) {
    return OpenAiKServe.builder(backend)
        .model(
            "m", m -> m.dialect(dialect).chatTemplate(ChatTemplates.byName(template).orElseThrow()))
        .build();
  }

  /** The JSON that the last call sent. */
  private static String sampling(FakeBackend backend) {
    var calls = backend.calls();
    return calls
        .get(calls.size() - 1)
        .request()
        .input("sampling_parameters")
        .orElseThrow()
        .texts()
        .get(0);
  }

  private static FakeBackend texts(String text) {
    return FakeBackend.responses(InferResponse.of(Tensor.text("text", text)));
  }

  /** Answers each call with the whole text. */
  private static FakeBackend vllm(String answer) {
    return FakeBackend.responses(InferResponse.of(Tensor.text("text_output", answer)));
  }

  private static FakeBackend pieces(String... pieces) {
    return FakeBackend.responses(
        Stream.of(pieces)
            .map(piece -> InferResponse.of(Tensor.text("text_output", piece)))
            .toArray(InferResponse[]::new));
  }
}
