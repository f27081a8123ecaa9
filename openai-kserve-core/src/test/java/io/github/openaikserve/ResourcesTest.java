package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.flow.BlockingSubscriber;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.StreamOptions;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ResourcesTest {
  private final FakeBackend backend = FakeBackend.tokens("a", "b", "c");
  private final OpenAiKServe openai =
      OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

  /** Without a configured model, a request has to name one. */
  private final OpenAiKServe discovering = OpenAiKServe.builder(backend).discover().build();

  @Test
  void anInvalidRequestFailsTheFuture() {
    assertThat(
            List.of(
                discovering.chatCompletions().createAsync(r -> r.user("Hi")),
                discovering.completions().createAsync(r -> r.prompt("p")),
                discovering.embeddings().createAsync(r -> r.input("i")),
                discovering.responses().createAsync(r -> r.input("i")),
                discovering.messages().createAsync(r -> r.user("i").maxTokens(1)),
                discovering.rerank().createAsync(r -> r.query("q").documents("d")),
                discovering.score().createAsync(r -> r.text1("q").text2("d")),
                discovering.classify().createAsync(r -> r.input("i")),
                discovering.moderations().createAsync(r -> r.input("i")),
                discovering.decisions().createAsync(r -> {}),
                openai.chatCompletions().createAsync(r -> r.user("Hi").temperature(7)),
                openai.completions().createAsync(r -> r.prompt("p").temperature(7)),
                openai.embeddings().createAsync(r -> r.input("")),
                openai.embeddings().createAsync(r -> r.input("i").dimensions(0))))
        .allSatisfy(
            answer ->
                assertThat(catchThrowable(answer::get))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InvalidRequestException.class));
  }

  @Test
  void aBuilderThatThrowsFailsTheFutureAndThePublisher() {
    var mistake = new IllegalArgumentException("mistake");

    var answer = openai.chatCompletions().createAsync(r -> fail(mistake));
    var chunks = openai.completions().streamAsync(r -> fail(mistake));

    assertThat(answer).isCompletedExceptionally();
    assertThat(failure(chunks)).isSameAs(mistake);
  }

  @Test
  void anInvalidRequestFailsThePublisher() {
    assertThat(failure(openai.chatCompletions().streamAsync(r -> r.user("Hi").temperature(7))))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(failure(discovering.completions().streamAsync(r -> r.prompt("p"))))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aPublisherReportsTheFieldsThatHadNoEffect() throws Exception {
    ChunkPublisher<Completion> chunks =
        openai.completions().streamAsync(r -> r.prompt("p").seed(1));
    var reader = new BlockingSubscriber<Completion>(1);

    assertThat(chunks.droppedParams()).isEmpty();
    chunks.subscribe(reader);
    reader.next();

    assertThat(chunks.droppedParams()).containsExactly("seed");
  }

  @Test
  void theUsageOfAStreamIsItsLastChunk() {
    try (var stream = openai.chatCompletions().stream(r -> r.user("Hi").includeUsage())) {
      assertThat(last(stream).usage()).isNotNull();
    }
    try (var stream =
        openai.chatCompletions().stream(r -> r.user("Hi").streamOptions(new StreamOptions(true)))) {
      assertThat(last(stream).usage()).isNotNull();
    }
  }

  private static ChatCompletionChunk last(ChunkStream<ChatCompletionChunk> stream) {
    List<ChatCompletionChunk> all = stream.asStream().toList();
    return all.get(all.size() - 1);
  }

  @Test
  void aStreamMakesItsCallInTheTerminalOperation() {
    Stream<Completion> chunks =
        openai.completions().stream(r -> r.prompt("p")).asStream().filter(c -> true);

    assertThat(backend.calls()).isEmpty();

    assertThat(chunks.map(Completion::text)).containsExactly("a", "b", "c", "");
    assertThat(backend.calls()).hasSize(1);
  }

  @Test
  void nothingIsReadAfterAClose() {
    var stream = openai.completions().stream(r -> r.prompt("p"));
    Iterator<Completion> chunks = stream.iterator();
    chunks.next();

    stream.close();

    assertThatExceptionOfType(CancellationException.class).isThrownBy(chunks::hasNext);
    assertThatExceptionOfType(CancellationException.class).isThrownBy(chunks::next);
  }

  @Test
  void aStreamThatWasReadToItsEndIsAtItsEndAfterAClose() {
    var stream = openai.completions().stream(r -> r.prompt("p"));
    Iterator<Completion> chunks = stream.iterator();
    chunks.forEachRemaining(chunk -> {});

    stream.close();

    assertThat(chunks.hasNext()).isFalse();
  }

  @Test
  void aStreamIsReadOnce() {
    var stream = openai.completions().stream(r -> r.prompt("p"));
    assertThat(stream.iterator().next().text()).isEqualTo("a");

    assertThatIllegalStateException().isThrownBy(stream::iterator);
    stream.close();
  }

  @Test
  void aFailureIsTracedOnce() {
    var failing =
        OpenAiKServe.builder(FakeBackend.failing(BackendCode.INTERNAL, "broken"))
            .model("m", Dialects.ANYSERVE)
            .build();
    Iterator<Completion> chunks = failing.completions().stream(r -> r.prompt("p")).iterator();

    Throwable first = catchThrowable(chunks::hasNext);
    Throwable second = catchThrowable(chunks::hasNext);

    assertThat(first).isInstanceOf(BackendException.class).isSameAs(second);
    assertThat(first.getSuppressed()).hasSize(1);
  }

  @Test
  void anInterruptCancelsTheCallAndIsPreserved() throws Exception {
    var silent = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    var waiting = OpenAiKServe.builder(silent).model("m", Dialects.ANYSERVE).build();
    var outcome = new CompletableFuture<List<Object>>();
    var thread =
        new Thread(
            () -> {
              Throwable thrown =
                  catchThrowable(() -> waiting.completions().create(r -> r.prompt("p")));
              outcome.complete(List.of(thrown, Thread.currentThread().isInterrupted()));
            });
    thread.start();

    thread.interrupt();

    assertThat(outcome.get().get(0)).isInstanceOf(CancellationException.class);
    assertThat(outcome.get().get(1)).isEqualTo(true);
  }

  @Test
  void optionsApplyToTheRequestsOfTheirViewAlone() {
    var view = openai.with(o -> o.requestId("order-42").header("X-Tenant", "acme"));

    view.chatCompletions().create(r -> r.user("Hi"));
    openai.chatCompletions().create(r -> r.user("Hi"));

    assertThat(backend.calls().get(0).metadata())
        .containsEntry("x-request-id", "order-42")
        .containsEntry("x-tenant", "acme");
    assertThat(backend.calls().get(1).metadata()).doesNotContainKey("x-tenant");
  }

  @Test
  void optionsHaveNoSecretsInTheirText() {
    var options =
        RequestOptions.of(
            o ->
                o.requestId("id-1")
                    .timeout(Duration.ofSeconds(3))
                    .header("Authorization", "Bearer sk-1")
                    .attribute("tenant", "acme"));

    assertThat(options.toString()).contains("id-1", "PT3S").doesNotContain("sk-1", "acme");
    assertThat(options.headers()).containsOnlyKeys("authorization");
    assertThat(options)
        .isEqualTo(
            RequestOptions.of(
                o ->
                    o.attribute("tenant", "acme")
                        .header("authorization", "Bearer sk-1")
                        .timeout(Duration.ofSeconds(3))
                        .requestId("id-1")));
  }

  private static CreateChatCompletionRequest.@Nullable Builder fail(RuntimeException failure) {
    throw failure;
  }

  private static Throwable failure(Flow.Publisher<?> publisher) {
    var reader = new TestSubscriber<Object>(1);
    publisher.subscribe(reader);
    return reader.awaitFailure();
  }
}
