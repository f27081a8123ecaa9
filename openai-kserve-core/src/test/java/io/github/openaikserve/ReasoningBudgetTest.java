package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reasoning of a limited number of tokens. */
final class ReasoningBudgetTest {
  private final FakeBackend thinker =
      FakeBackend.answers(
          List.of("<think>", "one ", "two ", "three ", "four ", "</think>", "late"),
          List.of("The ", "answer."));

  @Test
  void isEndedAndTheAnswerFollows() {
    ChatCompletion answer = ask(thinker, 3);

    assertThat(answer.choices().get(0).message().reasoningContent()).isEqualTo("one two");
    assertThat(answer.text()).isEqualTo("The answer.");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(thinker.calls()).hasSize(2);
    assertThat(prompt(thinker, 1)).isEqualTo(prompt(thinker, 0) + "<think>one two \n</think>\n\n");
  }

  @Test
  void isEndedByCancellingTheCall() {
    var backend =
        FakeBackend.answering(
            call ->
                text(call).endsWith("</think>\n\n")
                    ? ScriptedResponse.tokens(call, "Hi")
                    : ScriptedResponse.of(
                            ScriptedResponse.tokens(call, "<think>", "a", "b").responses())
                        .thenHangs());

    assertThat(ask(backend, 3).text()).isEqualTo("Hi");
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void isEndedInAStream() {
    List<ChatCompletionChunk> chunks = new ArrayList<>();

    try (var stream =
        openai(thinker).chatCompletions().stream(
            r -> r.user("Hi").extra("thinking_token_budget", 3))) {
      stream.forEach(chunks::add);
    }

    assertThat(chunks)
        .extracting(chunk -> chunk.choices().get(0).delta().reasoningContent())
        .filteredOn(piece -> piece != null)
        .containsExactly("one", " two");
    assertThat(chunks).extracting(ChatCompletionChunk::text).contains("The", " answer.");
    assertThat(chunks.get(chunks.size() - 1).choices().get(0).finishReason())
        .isEqualTo(FinishReason.STOP);
  }

  @Test
  void isCountedInTheUsageOfBothCalls() {
    CompletionUsage usage = usage(thinker);

    assertThat(usage.completionTokens()).isEqualTo(3 + 2);
    assertThat(usage.reasoningTokens()).isEqualTo(3);
    assertThat(usage.promptTokens())
        .isGreaterThan(2 * usage(FakeBackend.tokens("Hi")).promptTokens());
  }

  @Test
  void deductsItsTokensFromTheAnswersLimit() {
    openai(thinker)
        .chatCompletions()
        .create(r -> r.user("Hi").maxCompletionTokens(4).extra("thinking_token_budget", 3));

    assertThat(thinker.calls().get(1).request().input("max_tokens").orElseThrow().ints())
        .containsExactly(1);
  }

  @Test
  void isNotEndedWithinTheBudget() {
    var backend = FakeBackend.tokens("<think>", "one", "</think>", "Hi");

    assertThat(ask(backend, 5).text()).isEqualTo("Hi");
    assertThat(backend.calls()).hasSize(1);
  }

  @Test
  void isNotEndedWhereTheModelEndedItself() {
    var backend = FakeBackend.tokens("<think>", "one ", "two");

    ChatCompletion answer = ask(backend, 4);

    assertThat(answer.choices().get(0).message().reasoningContent()).isEqualTo("one two");
    assertThat(backend.calls()).hasSize(1);
  }

  @Test
  void isClosedInThePromptWhereNoneIsAllowed() {
    var backend = FakeBackend.tokens("Hi");

    ChatCompletion answer =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.DEEPSEEK_R1))
            .build()
            .chatCompletions()
            .create(r -> r.user("Hi").extra("thinking_token_budget", 0));

    assertThat(answer.text()).isEqualTo("Hi");
    assertThat(prompt(backend, 0)).endsWith("<think>\n\n</think>\n\n");
  }

  @Test
  void isEndedInTheChannelsOfHarmony() {
    var backend =
        FakeBackend.answers(
            List.of("<|channel|>", "analysis", "<|message|>", "one ", "two ", "three"),
            List.of("Hi", "<|return|>"));

    ChatCompletion answer =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).reasoningFormat(ReasoningFormats.HARMONY))
            .build()
            .chatCompletions()
            .create(r -> r.user("Hi").extra("thinking_token_budget", 2));

    assertThat(answer.text()).isEqualTo("Hi");
    assertThat(answer.choices().get(0).message().reasoningContent()).isEqualTo("one");
    assertThat(prompt(backend, 1)).endsWith("<|end|><|start|>assistant<|channel|>final<|message|>");
  }

  @Test
  void isSetForAllRequestsOfAModel() {
    OpenAiKServe openai =
        OpenAiKServe.builder(thinker)
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(ChatTemplates.QWEN3)
                        .defaultParameter("thinking_token_budget", 3))
            .build();

    assertThat(openai.chatCompletions().create(r -> r.user("Hi")).text()).isEqualTo("The answer.");
    openai.chatCompletions().create(r -> r.user("Hi").extra("thinking_token_budget", -1));
    assertThat(thinker.calls()).hasSize(3);
  }

  @Test
  void isTheServersWhereATensorCarriesIt() {
    var backend =
        FakeBackend.answering(call -> ScriptedResponse.texts("text", "<think>a b c</think>Hi"));
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.chatTemplate(ChatTemplates.QWEN3)
                        .dialect(
                            Dialect.builder("own")
                                .input("prompt", Datatype.BYTES, RequestField.PROMPT)
                                .input("budget", Datatype.INT32, RequestField.THINKING_TOKEN_BUDGET)
                                .output("text", ResponseField.TEXT)
                                .build()))
            .build();

    openai.chatCompletions().create(r -> r.user("Hi").extra("thinking_token_budget", 1));

    assertThat(backend.onlyRequest().input("budget").orElseThrow().ints()).containsExactly(1);
  }

  @Test
  void isRefusedWhereTheServerAnswersInOnePiece() {
    var backend =
        FakeBackend.answering(
            call -> ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("text", "Hi")))));
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.chatTemplate(ChatTemplates.QWEN3)
                        .dialect(
                            Dialect.builder("own")
                                .input("prompt", Datatype.BYTES, RequestField.PROMPT)
                                .output("text", ResponseField.TEXT)
                                .unary()
                                .build()))
            .build();

    assertThatThrownBy(
            () ->
                openai
                    .chatCompletions()
                    .create(r -> r.user("Hi").extra("thinking_token_budget", 8)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("thinking_token_budget")
        .hasMessageContaining("does not stream");
  }

  @Test
  void changesNothingForAModelThatDoesNotReason() {
    var backend = FakeBackend.tokens("Hi");

    ChatCompletion answer =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).unaryAnswers(true))
            .build()
            .chatCompletions()
            .create(r -> r.user("Hi").extra("thinking_token_budget", 1));

    assertThat(answer.text()).isEqualTo("Hi");
    assertThat(answer.droppedParams()).containsExactly("thinking_token_budget");
    assertThat(backend.calls().get(0).rpc()).isEqualTo(Rpc.MODEL_INFER);
  }

  @Test
  void ofEachChoiceIsItsOwn() {
    var backend =
        FakeBackend.answering(
            call ->
                text(call).endsWith("</think>\n\n")
                    ? ScriptedResponse.tokens(call, "Hi")
                    : ScriptedResponse.tokens(call, "<think>", "one ", "two ", "three "));

    ChatCompletion answer =
        openai(backend)
            .chatCompletions()
            .create(r -> r.user("Hi").n(3).extra("thinking_token_budget", 2));

    assertThat(answer.choices())
        .allSatisfy(
            choice -> {
              assertThat(choice.message().content()).isEqualTo("Hi");
              assertThat(choice.message().reasoningContent()).isEqualTo("one");
            });
    assertThat(backend.calls()).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({"BOTH, true, true", "REASONING, true, false", "REASONING_CONTENT, false, true"})
  void isInTheFieldsOfTheService(ReasoningFields fields, boolean newer, boolean older) {
    OpenAiKServe openai =
        OpenAiKServe.builder(FakeBackend.tokens("<think>", "a", "</think>", "b"))
            .reasoningFields(fields)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.QWEN3))
            .build();
    for (boolean stream : List.of(true, false)) {
      String body =
          """
          {"model": "m", "stream": %s, "messages": [{"role": "user", "content": "Hi"}]}
          """
              .formatted(stream);
      ApiResponse response =
          openai.httpHandler().answer(Requests.post("/v1/chat/completions", body));

      String text = Bodies.text(response);
      assertThat(text.contains("\"reasoning\":\"a\"")).isEqualTo(newer);
      assertThat(text.contains("\"reasoning_content\":\"a\"")).isEqualTo(older);
    }
  }

  private static String prompt(FakeBackend backend, int call) {
    return text(backend.calls().get(call));
  }

  private static String text(InferCall call) {
    return call.request().input("prompt").orElseThrow().texts().get(0);
  }

  private static CompletionUsage usage(FakeBackend backend) {
    return Objects.requireNonNull(ask(backend, 3).usage());
  }

  private static ChatCompletion ask(FakeBackend backend, int budget) {
    return openai(backend)
        .chatCompletions()
        .create(r -> r.user("Hi").extra("thinking_token_budget", budget));
  }

  private static OpenAiKServe openai(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.QWEN3))
        .build();
  }
}
