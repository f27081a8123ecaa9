package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.Prompt;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several answers to one request. */
final class FanOutTest {
  @Test
  void nAnswersAreNChoicesInOrder() {
    var openai = openai(counting());

    ChatCompletion answer = openai.chatCompletions().create(r -> r.user("Hi").n(3));

    assertThat(answer.choices()).extracting(ChatCompletion.Choice::index).containsExactly(0, 1, 2);
    assertThat(answer.choices())
        .extracting(choice -> choice.message().content())
        .containsExactlyInAnyOrder("answer 0", "answer 1", "answer 2");
  }

  @Test
  void theIndexIsThePromptsTimesNAndTheChoices() {
    var openai = openai(echoing());

    Completion answer =
        openai.completions().create(r -> r.prompt(new Prompt.Texts(List.of("a", "b", "c"))).n(2));

    assertThat(answer.choices())
        .extracting(Completion.Choice::text)
        .containsExactly("<a>", "<a>", "<b>", "<b>", "<c>", "<c>");
    assertThat(answer.choices())
        .extracting(Completion.Choice::index)
        .containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void usageCountsEachPromptOnceAndEveryAnswer() {
    var openai = openai(FakeBackend.tokens("x", "y"));

    Completion answer =
        openai
            .completions()
            .create(r -> r.prompt(new Prompt.Texts(List.of("12345678", "1234"))).n(3));

    assertThat(answer.usage()).isEqualTo(new CompletionUsage(2 + 1, 2 * 3 * 2, true));
  }

  @Test
  void rolesOfAllChoicesComeFirstAndFinishReasonsLast() {
    var openai = openai(FakeBackend.tokens("x", "y"));
    List<ChatCompletionChunk> chunks = new ArrayList<>();

    try (var stream = openai.chatCompletions().stream(r -> r.user("Hi").n(2).includeUsage())) {
      stream.forEach(chunks::add);
    }

    assertThat(chunks).hasSize(2 + 4 + 2 + 1);
    assertThat(chunks.subList(0, 2))
        .extracting(chunk -> chunk.choices().get(0).delta().role())
        .containsOnly("assistant");
    assertThat(chunks.subList(2, 6))
        .allSatisfy(
            chunk -> {
              assertThat(chunk.choices().get(0).delta().content()).isNotEmpty();
              assertThat(chunk.choices().get(0).finishReason()).isNull();
            });
    assertThat(chunks.subList(6, 8))
        .extracting(chunk -> chunk.choices().get(0).index())
        .containsExactly(0, 1);
    assertThat(chunks.subList(6, 8))
        .extracting(chunk -> chunk.choices().get(0).finishReason())
        .containsOnly(FinishReason.STOP);
    assertThat(chunks.get(8).choices()).isEmpty();
    assertThat(chunks.get(8).usage()).isNotNull();
  }

  @Test
  void everyPromptIsEchoedBeforeItsAnswers() {
    var openai = openai(echoing());

    Completion answer =
        openai
            .completions()
            .create(r -> r.prompt(new Prompt.Texts(List.of("a", "b"))).n(2).echo(true));

    assertThat(answer.choices())
        .extracting(Completion.Choice::text)
        .containsExactly("a<a>", "a<a>", "b<b>", "b<b>");
  }

  @Test
  void aFailureCancelsTheOthersAndStartsNoMore() {
    var asked = new AtomicInteger();
    var backend =
        FakeBackend.answering(
            call ->
                asked.getAndIncrement() == 1
                    ? ScriptedResponse.of(List.of())
                        .thenFails(new BackendException(BackendCode.INTERNAL, "worker died"))
                    : ScriptedResponse.of(List.of(token("x"))).thenHangs());
    var openai = openai(backend, 2);

    var failure =
        catchThrowableOfType(
            BackendException.class, () -> openai.chatCompletions().create(r -> r.user("Hi").n(10)));

    assertThat(failure).hasMessage("worker died");
    assertThat(backend.calls()).hasSize(2);
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void closingTheStreamCancelsAllThatGoOn() {
    var backend =
        FakeBackend.answering(call -> ScriptedResponse.of(List.of(token("x"))).thenHangs());
    var openai = openai(backend, 3);

    try (var stream = openai.chatCompletions().stream(r -> r.user("Hi").n(5))) {
      assertThat(stream.iterator().next().choices().get(0).delta().role()).isEqualTo("assistant");
    }

    assertThat(backend.calls()).hasSize(3);
    assertThat(backend.cancellations()).isEqualTo(3);
  }

  @Test
  void choicesOfOnePromptHaveDifferentSeeds() {
    Dialect seeded =
        Dialect.builder("seeded")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .input("seed", Datatype.INT64, RequestField.SEED)
            .output("text", ResponseField.TEXT)
            .build();
    var backend = FakeBackend.responses(InferResponse.of(Tensor.text("text", "x")));
    var openai = OpenAiKServe.builder(backend).model("m", seeded).build();

    openai.completions().create(r -> r.prompt("p").n(3).seed(7L));

    assertThat(backend.calls())
        .extracting(call -> call.request().input("seed").orElseThrow().longs()[0])
        .containsExactly(7L, 8L, 9L);
  }

  @Test
  void tokenIdsAreSentWhenATensorTakesThem() {
    Dialect tokens =
        Dialect.builder("tokens")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .input("input_ids", Datatype.INT32, RequestField.PROMPT_TOKEN_IDS)
            .output("text", ResponseField.TEXT)
            .build();
    var backend = FakeBackend.responses(InferResponse.of(Tensor.text("text", "x")));
    var openai = OpenAiKServe.builder(backend).model("m", tokens).build();

    Completion answer =
        openai
            .completions()
            .create(r -> r.prompt(new Prompt.Tokens(List.of(List.of(1, 2, 3), List.of(4)))));

    assertThat(backend.calls().get(0).request().inputs())
        .containsExactly(Tensor.ints("input_ids", 1, 2, 3));
    assertThat(backend.calls().get(1).request().inputs())
        .containsExactly(Tensor.ints("input_ids", 4));
    assertThat(answer.usage()).isEqualTo(new CompletionUsage(4, 2, true));
  }

  @Test
  void tokenIdsAreRejectedWithoutATensor() {
    var openai = openai(FakeBackend.tokens("x"));

    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                openai
                    .completions()
                    .create(r -> r.prompt(new Prompt.Tokens(List.of(List.of(1, 2))))));

    assertThat(refusal.param()).isEqualTo("prompt");
    assertThat(refusal).hasMessage("Invalid 'prompt': this model takes text, not token ids.");
  }

  @Test
  void bestOfIsRefusedUnlessItChoosesNothing() {
    var openai = openai(FakeBackend.tokens("x"));

    openai.completions().create(r -> r.prompt("p").bestOf(1));
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.completions().create(r -> r.prompt("p").bestOf(2)));

    assertThat(refusal.param()).isEqualTo("best_of");
  }

  @Test
  void moreChoicesThanOneRequestMaySetOffAreRefused() {
    var openai = openai(FakeBackend.tokens("x"));
    var prompts = new Prompt.Texts(Collections.nCopies(17, "p"));

    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.completions().create(r -> r.prompt(prompts).n(128)));

    assertThat(refusal.param()).isEqualTo("prompt");
    assertThat(refusal.status()).isEqualTo(400);
  }

  /** Answers with the number of the call. */
  private static FakeBackend counting() {
    var asked = new AtomicInteger();
    return FakeBackend.answering(
        call ->
            ScriptedResponse.of(List.of(token("answer "), token("" + asked.getAndIncrement()))));
  }

  /** Answers with the prompt in brackets. */
  private static FakeBackend echoing() {
    return FakeBackend.answering(
        call -> ScriptedResponse.of(List.of(token("<" + prompt(call) + ">"))));
  }

  private static String prompt(InferCall call) {
    return call.request().input("prompt").orElseThrow().texts().get(0);
  }

  private static InferResponse token(String text) {
    return InferResponse.of(Tensor.text("token", text));
  }

  private static OpenAiKServe openai(FakeBackend backend) {
    return openai(backend, 8);
  }

  private static OpenAiKServe openai(FakeBackend backend, int atOnce) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).maxConcurrentChoices(atOnce))
        .build();
  }
}
