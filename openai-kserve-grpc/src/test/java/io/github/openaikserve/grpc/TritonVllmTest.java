package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.grpc.servers.Script;
import io.github.openaikserve.grpc.servers.TritonServer;
import io.github.openaikserve.grpc.servers.VllmModel;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Behavior that only vLLM on Triton has. */
final class TritonVllmTest {
  private static final Map<String, Object> PERSON =
      Map.of(
          "type",
          "json_schema",
          "json_schema",
          Map.of("name", "person", "schema", Map.of("type", "object")));

  @AutoClose private final Resources resources = new Resources();

  @Test
  void aChatWithoutATokenLimitMayFillTheContext() throws Exception {
    ChatCompletion answer =
        detected(VllmModel.newest("m")).chatCompletions().create(r -> r.user(Script.GO_ON));

    assertThat(Objects.requireNonNull(answer.usage()).completionTokens()).isEqualTo(40);
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void aStreamedChatIsNotDelayedByTheSearchForEndTokens() throws Exception {
    GrpcBackend backend = backend(VllmModel.newest("m"));
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.TRITON_VLLM).chatTemplate(ChatTemplates.CHATML))
            .build();
    List<String> texts = new ArrayList<>();

    try (var chunks = openai.chatCompletions().stream(r -> r.user("hello"))) {
      chunks.forEach(chunk -> texts.add(chunk.text()));
    }

    texts.removeIf(String::isEmpty);
    assertThat(texts).containsExactlyElementsOf(Script.TOKENS);
  }

  @Test
  void finishReasonLengthIsCountedIfTheReleaseReportsNone() throws Exception {
    OpenAiKServe openai = detected(VllmModel.before2403("m"));

    Completion answer = openai.completions().create(r -> r.prompt("p").maxTokens(3));

    assertThat(answer.text()).isEqualTo("Once upon a");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void anAdapterIsAModelWithAConstantKey() throws Exception {
    GrpcBackend backend = backend(VllmModel.newest("m"));
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .model(
                "alpha",
                m ->
                    m.modelName("m")
                        .detect(true)
                        .constantJson("sampling_parameters", "lora_name", "alpha"))
            .build();

    Completion answer = openai.completions().create(r -> r.prompt("p").maxTokens(9));

    assertThat(answer.text()).isEqualTo("alpha: Once upon a time.");
  }

  @Test
  void aResponseFormatIsSentUnderTheKeyOfTheRelease() throws Exception {
    for (VllmModel model : List.of(VllmModel.newest("m"), VllmModel.before2511("m"))) {
      ChatCompletion answer =
          detected(model).chatCompletions().create(r -> r.user("How old?").responseFormat(PERSON));

      assertThat(answer.text()).isEqualTo("{\"age\": 7}");
    }
  }

  @Test
  void aConfiguredDialectUsesTheResponseFormatKeyOfTheRelease() throws Exception {
    OpenAiKServe openai = fixed(VllmModel.before2511("m"), Dialects.TRITON_VLLM);

    assertThat(openai.chatCompletions().create(r -> r.user("q").responseFormat(PERSON)).text())
        .isEqualTo("{\"age\": 7}");
  }

  @Test
  void aResponseFormatIsRefusedIfTheReleaseHasNoKeyForIt() throws Exception {
    OpenAiKServe openai = detected(VllmModel.before2403("m"));

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> openai.chatCompletions().create(r -> r.user("q").responseFormat(PERSON)))
        .satisfies(e -> assertThat(e.param()).isEqualTo("response_format"));
  }

  @Test
  void anAbortedGenerationIsAFailure() throws Exception {
    OpenAiKServe openai = detected(VllmModel.newest("m"));

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> openai.completions().create(r -> r.prompt(Script.BREAK_OFF)))
        .satisfies(e -> assertThat(e.backendCode()).isEqualTo(BackendCode.CANCELLED))
        .satisfies(e -> assertThat(e.partialText()).isEqualTo("Once upon"));
  }

  @Test
  void logProbabilitiesHaveAlternatives() throws Exception {
    OpenAiKServe openai = detected(VllmModel.newest("m"));

    ChatCompletion answer =
        openai.chatCompletions().create(r -> r.user("hello").logprobs(true).topLogprobs(2));

    List<ChatCompletionTokenLogprob> logprobs =
        Objects.requireNonNull(answer.choices().get(0).logprobs());
    assertThat(logprobs)
        .extracting(ChatCompletionTokenLogprob::token)
        .containsExactlyElementsOf(Script.TOKENS);
    assertThat(logprobs.get(0).topLogprobs())
        .extracting(top -> top.token() + top.logprob())
        .containsExactly("Once-0.5", " or1-1.5");
  }

  @Test
  void aStreamHasLogProbabilities() throws Exception {
    OpenAiKServe openai = detected(VllmModel.newest("m"));
    List<String> tokens = new ArrayList<>();

    try (var pieces = openai.completions().stream(r -> r.prompt("hello").logprobs(0))) {
      pieces.forEach(
          piece ->
              piece.choices().stream()
                  .filter(choice -> choice.logprobs() != null)
                  .flatMap(choice -> choice.logprobs().tokens().stream())
                  .forEach(token -> tokens.add(token.token())));
    }

    assertThat(tokens).isEqualTo(Script.TOKENS);
  }

  @Test
  void specialTokensAreRequestedIfToolCallsAreFoundByThem() throws Exception {
    OpenAiKServe openai =
        OpenAiKServe.builder(backend(VllmModel.newest("m")))
            .model(
                "m",
                m ->
                    m.dialect(Dialects.TRITON_VLLM)
                        .chatTemplate(ChatTemplates.byName("mistral-v3").orElseThrow()))
            .build();
    var weather = ChatCompletionTool.function("weather", null, Map.of("type", "object"));

    ChatCompletion hidden = openai.chatCompletions().create(r -> r.user(Script.CALL));
    ChatCompletion shown =
        openai.chatCompletions().create(r -> r.user(Script.CALL).tools(List.of(weather)));

    assertThat(hidden.text()).startsWith("[{\"name\"");
    assertThat(shown.toolCalls())
        .singleElement()
        .extracting(call -> call.name())
        .isEqualTo("weather");
    assertThat(shown.toolCalls().get(0).arguments()).isEqualTo("{\"city\": \"Paris\"}");
    assertThat(shown.choices().get(0).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
  }

  @Test
  void textsAreEmbeddedInSeparateCalls() throws Exception {
    CreateEmbeddingResponse answer =
        detected(VllmModel.embedding("m"))
            .embeddings()
            .create(r -> r.input("one", "one two", "one two three"));

    assertThat(answer.data())
        .extracting(each -> each.vector()[0])
        .containsExactly(1.0f, 2.0f, 3.0f);
    assertThat(answer.usage()).isEqualTo(new CreateEmbeddingResponse.Usage(6, false));
  }

  @Test
  void anEngineWithoutEmbeddingsReportsThat() throws Exception {
    OpenAiKServe openai = detected(VllmModel.newest("m"));

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> openai.embeddings().create(r -> r.input("one")))
        .withMessageContaining("does not support the 'embed' task")
        .satisfies(e -> assertThat(e.backendCode()).isEqualTo(BackendCode.INTERNAL));
  }

  @Test
  void embeddingsAreRefusedBeforeSendingIfTheReleaseHasNone() throws Exception {
    OpenAiKServe openai = detected(VllmModel.before2511("m"));

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> openai.embeddings().create(r -> r.input("one")));
  }

  @Test
  void aUnaryCallToADecoupledModelIsRepeatedAsAStream() throws Exception {
    Dialect unary = Dialects.tritonVllm("structured_outputs").unary().build();
    OpenAiKServe openai = fixed(VllmModel.newest("m"), unary);

    assertThat(openai.completions().create(r -> r.prompt("p")).text()).isNotEmpty();
  }

  private OpenAiKServe detected(VllmModel model) throws Exception {
    GrpcBackend backend = backend(model);
    Dialect dialect = Dialects.detect(backend, "m").get().requireDialect();
    return OpenAiKServe.builder(backend).model("m", dialect).build();
  }

  private OpenAiKServe fixed(VllmModel model, Dialect dialect) throws Exception {
    return OpenAiKServe.builder(backend(model)).model("m", dialect).build();
  }

  private GrpcBackend backend(VllmModel model) throws Exception {
    TritonServer server = resources.add(TritonServer.start(model));
    return resources.add(Servers.connect(server.target()));
  }
}
