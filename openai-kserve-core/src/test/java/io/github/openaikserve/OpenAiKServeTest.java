package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.error.OverloadedException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiKServeTest {
  @Test
  void joinsTheTextOfAllResponses() {
    var backend = FakeBackend.tokens("Hel", "lo");
    var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

    var completion = openai.chatCompletions().create(r -> r.model("m").user("Hi").maxTokens(8));

    assertThat(completion.text()).isEqualTo("Hello");
    assertThat(backend.onlyRequest().input("max_tokens").orElseThrow().ints()).containsExactly(8);
  }

  @Test
  void aRequestThatNamesNoModelGoesToTheFirst() {
    var openai = openai(FakeBackend.tokens("x"));

    assertThat(openai.completions().create(r -> r.prompt("p")).model()).isEqualTo("m");
  }

  @Test
  void anyServeIsAddressedByCapabilityAndVersion() {
    var backend = FakeBackend.tokens("x");

    openai(backend).completions().create(r -> r.prompt("p"));

    InferCall call = backend.calls().get(0);
    assertThat(call.rpc()).isEqualTo(Rpc.MODEL_STREAM_INFER);
    assertThat(call.request().modelName()).isEqualTo("generate_stream");
    assertThat(call.request().modelVersion()).isEqualTo("llamacpp");
    assertThat(call.timeout()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
  }

  @Test
  void absentFieldsAreNotSentExceptForTheTokenLimit() {
    var backend = FakeBackend.tokens("x");

    openai(backend).chatCompletions().create(r -> r.user("Hi"));

    assertThat(backend.onlyRequest().inputs())
        .containsExactly(
            Tensor.text("prompt", "User: Hi\n\nAssistant:"), Tensor.ints("max_tokens", -1));
  }

  @Test
  void completionsGenerateSixteenTokensUnlessAskedOtherwise() {
    var backend = FakeBackend.tokens("x");

    openai(backend).completions().create(r -> r.prompt("p"));

    assertThat(backend.onlyRequest().input("max_tokens").orElseThrow().ints()).containsExactly(16);
  }

  @Test
  void chunksComeRoleFirstAndOneFinishLastAndThenTheUsage() {
    var openai = openai(FakeBackend.tokens("a", "b"));

    List<ChatCompletionChunk> chunks = new ArrayList<>();
    try (var stream = openai.chatCompletions().stream(r -> r.user("Hi").includeUsage())) {
      stream.forEach(chunks::add);
    }

    assertThat(chunks).hasSize(5);
    assertThat(chunks.get(0).choices().get(0).delta().role()).isEqualTo("assistant");
    assertThat(chunks.get(1).text()).isEqualTo("a");
    assertThat(chunks.get(2).text()).isEqualTo("b");
    assertThat(chunks.get(3).choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(chunks.get(4).choices()).isEmpty();
    assertThat(chunks.get(4).usage()).isEqualTo(new CompletionUsage(5, 2, true));
    assertThat(chunks).extracting(ChatCompletionChunk::id).containsOnly(chunks.get(0).id());
  }

  @Test
  void reachingTheLimitIsLengthDespiteAnyServesReason() {
    Completion completion =
        openai(FakeBackend.tokens("a", "b", "c"))
            .completions()
            .create(r -> r.prompt("p").maxTokens(3));

    assertThat(completion.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void aStopSequenceAcrossTokensCutsTheTextAndCancelsTheCall() {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(
                        List.of(token("one "), token("ST"), token("OP two"), token("three")))
                    .thenHangs());

    Completion completion =
        openai(backend).completions().create(r -> r.prompt("p").stop(List.of("STOP")));

    assertThat(completion.text()).isEqualTo("one ");
    assertThat(completion.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void theNextTurnOfThePlainTemplateEndsAnAnswer() {
    ChatCompletion completion =
        openai(FakeBackend.tokens(" Hel", "lo!", "\n", "\nUser", ": And"))
            .chatCompletions()
            .create(r -> r.user("Hi"));

    assertThat(completion.text()).isEqualTo("Hello!");
  }

  @Test
  void charactersCutOverTokensArePutTogether() {
    byte[] fox = "\uD83E\uDD8A".getBytes(StandardCharsets.UTF_8);
    var backend =
        FakeBackend.responses(
            bytes(Arrays.copyOfRange(fox, 0, 1)),
            bytes(Arrays.copyOfRange(fox, 1, 3)),
            bytes(Arrays.copyOfRange(fox, 3, 4)));

    assertThat(openai(backend).completions().create(r -> r.prompt("p")).text())
        .isEqualTo("\uD83E\uDD8A");
  }

  @Test
  void closingAStreamCancelsTheCall() {
    var backend =
        FakeBackend.answering(
            call -> ScriptedResponse.of(List.of(token("a"), token("b"))).thenHangs());

    try (var stream = openai(backend).completions().stream(r -> r.prompt("p"))) {
      assertThat(stream.iterator().next().text()).isEqualTo("a");
    }

    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void aClosedStreamThrowsInPlaceOfHanging() {
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    var stream = openai(backend).completions().stream(r -> r.prompt("p"));
    var iterator = stream.iterator();

    stream.close();

    assertThatExceptionOfType(CancellationException.class).isThrownBy(iterator::hasNext);
  }

  @Test
  void nothingIsSentForAStreamThatIsClosedUnread() {
    var backend = FakeBackend.tokens("x");

    var stream = openai(backend).completions().stream(r -> r.prompt("p"));
    stream.close();

    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> stream.iterator().hasNext());
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void cancellingAFutureCancelsTheCall() {
    var backend =
        FakeBackend.answering(call -> ScriptedResponse.of(List.of(token("a"))).thenHangs());

    CompletableFuture<Completion> answer =
        openai(backend).completions().createAsync(r -> r.prompt("p"));
    answer.cancel(true);

    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void aFailureCarriesTheTextReceivedBeforeIt() {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(List.of(token("so "), token("far")))
                    .thenFails(new BackendException(BackendCode.UNAVAILABLE, "gone")));

    BackendException failure =
        catchThrowableOfType(
            BackendException.class, () -> openai(backend).completions().create(r -> r.prompt("p")));

    assertThat(failure.partialText()).isEqualTo("so far");
    assertThat(failure.status()).isEqualTo(503);
  }

  static Stream<OpenAiException> failures() {
    return Stream.of(
        new BackendException(BackendCode.UNAVAILABLE, "gone", new IOException())
            .withRetryAfter(Duration.ofSeconds(3)),
        new DialectException("no tensor", new IOException()),
        new InvalidAnswerException("no JSON", "answer"),
        new OverloadedException("busy", Duration.ofSeconds(2)),
        new InvalidRequestException(404, "code", "param", "not there", new IOException()));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void everyFailureCarriesTheTextReceivedBeforeIt(OpenAiException failure) {
    InferenceBackend backend = call -> failingAfter(List.of("so ", "far"), failure);

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> openai(backend).completions().create(r -> r.prompt("p")),
            () -> openai(backend).chatCompletions().create(r -> r.user("Hi")))) {
      var told = catchThrowableOfType(OpenAiException.class, call);

      assertThat(told).isExactlyInstanceOf(failure.getClass()).hasMessage(failure.getMessage());
      assertThat(told.getCause()).isSameAs(failure.getCause());
      assertThat(told.partialText()).isEqualTo("so far");
      assertThat(told)
          .returns(failure.status(), OpenAiException::status)
          .returns(failure.type(), OpenAiException::type)
          .returns(failure.code(), OpenAiException::code)
          .returns(failure.param(), OpenAiException::param)
          .returns(failure.retryAfter(), OpenAiException::retryAfter);
    }
    assertThat(failure.partialText()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2, LENGTH", "3, STOP"})
  void aWholeAnswerFromAUnaryCallHasEstimatedUsage(int maxTokens, FinishReason reason) {
    var backend = FakeBackend.responses(InferResponse.of(Tensor.text("text", "two words")));
    var openai =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .tokenCounter(text -> text.split(" ").length)
                        .unaryAnswers(true))
            .build();

    Completion answer =
        openai.completions().create(r -> r.prompt("the prompt").maxTokens(maxTokens));

    assertThat(backend.calls()).extracting(InferCall::rpc).containsExactly(Rpc.MODEL_INFER);
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(reason);
    assertThat(answer.usage()).isEqualTo(new CompletionUsage(2, 2, true));
  }

  /** Its 48 characters are estimated as 12 tokens, which says nothing of why it ended. */
  @ParameterizedTest
  @ValueSource(ints = {3, 12, 13, 16})
  void anEstimateOfItsLengthNeverMakesAWholeAnswerCutOff(int maxTokens) {
    String text = "A summary of some forty-eight characters, whole.";
    var openai =
        OpenAiKServe.builder(FakeBackend.responses(InferResponse.of(Tensor.text("text", text))))
            .model("m", m -> m.dialect(Dialects.ANYSERVE).unaryAnswers(true))
            .build();

    Completion answer = openai.completions().create(r -> r.prompt("p").maxTokens(maxTokens));

    assertThat(answer.text()).isEqualTo(text);
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(answer.usage()).isEqualTo(new CompletionUsage(1, 12, true));
  }

  @Test
  void anAnswerThatCannotBeReadCarriesTheTextBeforeIt() {
    var backend =
        FakeBackend.responses(
            token("so "), token("far"), InferResponse.of(Tensor.ints("token", 1)), token("!"));

    var failure =
        catchThrowableOfType(
            DialectException.class, () -> openai(backend).completions().create(r -> r.prompt("p")));

    assertThat(failure.partialText()).isEqualTo("so far");
  }

  @Test
  void aStreamDeliversEverythingReceivedBeforeAFailure() {
    InferenceBackend backend =
        call -> failingAfter(List.of("so ", "far"), new DialectException("no tensor"));
    var text = new StringBuilder();

    try (var chunks = openai(backend).completions().stream(r -> r.prompt("p"))) {
      var failure =
          catchThrowableOfType(
              DialectException.class, () -> chunks.forEach(chunk -> text.append(chunk.text())));

      assertThat(failure.partialText()).isEmpty();
    }
    assertThat(text).hasToString("so far");
  }

  private static Flow.Publisher<InferResponse> failingAfter(
      List<String> tokens, OpenAiException failure) {
    return subscriber ->
        subscriber.onSubscribe(
            new Flow.Subscription() {
              private boolean asked;

              @Override
              public void request(long n) {
                if (!asked) { // by more than there are
                  asked = true;
                  tokens.forEach(text -> subscriber.onNext(token(text)));
                  subscriber.onError(failure);
                }
              }

              @Override
              public void cancel() {}
            });
  }

  @Test
  void partialTextIsBoundedAndHasNoHalfCharacters() {
    String tooLong = "a".repeat((1 << 20) - 1) + "\uD83D\uDE00";

    assertThat(new DialectException("x").withPartialText(tooLong).partialText())
        .hasSize((1 << 20) - 1)
        .doesNotContain("\uD83D");
    assertThat(new DialectException("x").withPartialText("b" + tooLong).partialText())
        .hasSize(1 << 20);
  }

  @Test
  void anAnswerWithoutOutputsIsAnError() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                openai(FakeBackend.responses(InferResponse.of()))
                    .completions()
                    .create(r -> r.prompt("p")))
        .satisfies(e -> assertThat(e.status()).isEqualTo(502));
  }

  @Test
  void aStreamWithoutAnyResponseIsAnError() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> openai(FakeBackend.responses()).completions().create(r -> r.prompt("p")));
  }

  @Test
  void anUnexpectedTensorIsNamed() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(
            () ->
                openai(FakeBackend.responses(InferResponse.of(Tensor.text("generated", "x"))))
                    .completions()
                    .create(r -> r.prompt("p")))
        .withMessageContaining("generated")
        .withMessageContaining("token");
  }

  @Test
  void aServerWithoutStreamsIsAskedForTheWholeAnswer() {
    var backend =
        FakeBackend.answering(
            call ->
                call.rpc() == Rpc.MODEL_STREAM_INFER
                    ? ScriptedResponse.of(List.of())
                        .thenFails(new BackendException(BackendCode.UNIMPLEMENTED, "no streams"))
                    : ScriptedResponse.of(
                        List.of(InferResponse.of(Tensor.text("text", "whole answer")))));

    List<String> texts =
        openai(backend).completions().stream(r -> r.prompt("p").maxTokens(50))
            .asStream()
            .map(Completion::text)
            .toList();

    assertThat(texts).containsExactly("whole answer", "");
    assertThat(backend.calls())
        .extracting(call -> call.request().modelName())
        .containsExactly("generate_stream", "generate");
  }

  @Test
  void aServerThatTellsEverythingIsAskedOnceAndBelieved() {
    Dialect telling =
        Dialect.builder("telling")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .input("limit", Datatype.INT64, RequestField.MAX_TOKENS)
            .output("text", ResponseField.TEXT)
            .output("why", ResponseField.FINISH_REASON)
            .output("in", ResponseField.PROMPT_TOKENS)
            .output("out", ResponseField.COMPLETION_TOKENS)
            .batchDimension()
            .build();
    var backend =
        FakeBackend.responses(
            InferResponse.of(
                Tensor.text("text", "all of it"),
                Tensor.text("why", "eos_token"),
                Tensor.ints("in", 7),
                Tensor.ints("out", 3)));

    Completion completion =
        OpenAiKServe.builder(backend)
            .model("m", telling)
            .build()
            .completions()
            .create(r -> r.prompt("p").maxTokens(3));

    assertThat(backend.calls().get(0).rpc()).isEqualTo(Rpc.MODEL_INFER);
    assertThat(backend.onlyRequest().modelName()).isEqualTo("m");
    assertThat(backend.onlyRequest().inputs())
        .containsExactly(
            Tensor.of("prompt", new long[] {1, 1}, List.of(utf8("p"))),
            Tensor.of("limit", Datatype.INT64, new long[] {1, 1}, new long[] {3}));
    assertThat(completion.usage()).isEqualTo(new CompletionUsage(7, 3, false));
    assertThat(completion.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void aTokenLimitWithoutATensorIsEnforcedByCounting() {
    Dialect deaf =
        Dialect.builder("deaf")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .output("token", ResponseField.TEXT)
            .decoupled()
            .aggregateFromStream()
            .build();
    var backend =
        FakeBackend.answering(
            call -> ScriptedResponse.of(List.of(token("a"), token("b"), token("c"))).thenHangs());

    Completion completion =
        OpenAiKServe.builder(backend)
            .model("m", deaf)
            .build()
            .completions()
            .create(r -> r.prompt("p").maxTokens(2));

    assertThat(completion.text()).isEqualTo("ab");
    assertThat(completion.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void aBackendThatThrowsOrReturnsNullFailsTheCallWithoutHanging() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                OpenAiKServe.builder(
                        call -> {
                          throw new IllegalStateException("broken backend");
                        })
                    .model("m", Dialects.ANYSERVE)
                    .build()
                    .completions()
                    .create(r -> r.prompt("p")));
  }

  @Test
  void noTokensAreGeneratedWhenNoneAreWanted() {
    var backend = FakeBackend.tokens("x");

    Completion completion =
        openai(backend).completions().create(r -> r.prompt("p").maxTokens(0).echo(true));

    assertThat(completion.text()).isEqualTo("p");
    assertThat(completion.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void fieldsWithoutATensorAreDroppedAndNamed() {
    var backend = FakeBackend.tokens("x");

    ChatCompletion completion =
        openai(backend)
            .chatCompletions()
            .create(r -> r.user("Hi").seed(1L).presencePenalty(0.5).extra("top_k", 5L));

    assertThat(completion.droppedParams()).containsExactlyInAnyOrder("seed", "presence_penalty");
    assertThat(backend.onlyRequest().input("top_k").orElseThrow().ints()).containsExactly(5);
  }

  @Test
  void fieldsThatChangeNothingAreAcceptedSilently() {
    ChatCompletion completion =
        openai(FakeBackend.tokens("x"))
            .chatCompletions()
            .create(
                r ->
                    r.user("Hi")
                        .n(1)
                        .presencePenalty(0.0)
                        .frequencyPenalty(-0.0)
                        .logitBias(java.util.Map.of())
                        .logprobs(false)
                        .extra("user", "somebody")
                        .extra("metadata", java.util.Map.of("a", "b"))
                        .extra("something_new", 1L));

    assertThat(completion.droppedParams()).isEmpty();
  }

  @Test
  void aStrictServiceRejectsFieldsItWouldDrop() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("x"))
            .model("m", Dialects.ANYSERVE)
            .strict(true)
            .build();

    InvalidRequestException refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.completions().create(r -> r.prompt("p").seed(1L)));

    assertThat(refusal.param()).isEqualTo("seed");
    assertThat(refusal.status()).isEqualTo(400);
  }

  @Test
  void fieldsThatChangeTheMeaningAreRejectedBeforeAnythingIsSent() {
    var backend = FakeBackend.tokens("x");

    InvalidRequestException refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai(backend).chatCompletions().create(r -> r.user("Hi").logprobs(true)));

    assertThat(refusal.param()).isEqualTo("logprobs");
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void aModelIsAlsoCalledByTheNameItsServerReports() {
    var openai = openai(FakeBackend.tokens("x"));

    assertThat(openai.completions().create(r -> r.model("fake").prompt("p")).model())
        .isEqualTo("fake");
    assertThat(openai.models().list().data()).extracting(Model::id).containsExactly("m", "fake");
    assertThat(openai.models().retrieve("fake").id()).isEqualTo("fake");
  }

  @Test
  void anyOtherModelDoesNotExist() {
    InvalidRequestException refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                openai(FakeBackend.tokens("x"))
                    .chatCompletions()
                    .create(r -> r.model("nope").user("Hi")));

    assertThat(refusal.status()).isEqualTo(404);
    assertThat(refusal.code()).isEqualTo("model_not_found");
  }

  @Test
  void aServerThatIsDownLeavesTheConfiguredModels() {
    var openai = openai(FakeBackend.failing(BackendCode.UNAVAILABLE, "down"));

    assertThat(openai.models().list().data()).extracting(Model::id).containsExactly("m");
  }

  @Test
  void anInterruptCancelsTheCallAndStaysSet() {
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());

    Thread.currentThread().interrupt();

    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> openai(backend).completions().create(r -> r.prompt("p")));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void chatMlIsRenderedAsModelsWereTrainedOnIt() {
    var backend = FakeBackend.tokens("x");
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
            .build();

    openai.chatCompletions().create(r -> r.system("Be brief.").user("Hi"));

    assertThat(backend.onlyRequest().input("prompt").orElseThrow().texts())
        .containsExactly(
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                + "<|im_start|>assistant\n");
  }

  private static OpenAiKServe openai(InferenceBackend backend) {
    return OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();
  }

  private static InferResponse token(String text) {
    return InferResponse.of(Tensor.text("token", text), Tensor.text("finish_reason", "null"));
  }

  private static InferResponse bytes(byte[] token) {
    return InferResponse.of(Tensor.of("token", new long[] {1}, List.of(ByteBuffer.wrap(token))));
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aSupplierOfIdsThatReturnsNullFailsTheRequest() {
    var backend = FakeBackend.tokens("a");
    var openai =
        OpenAiKServe.builder(backend).ids(() -> null).model("m", Dialects.ANYSERVE).build();

    assertThatExceptionOfType(NullPointerException.class)
        .isThrownBy(() -> openai.completions().create(r -> r.prompt("p")))
        .withMessageContaining("supplier of ids");
    assertThat(backend.calls()).isEmpty();
  }
}
