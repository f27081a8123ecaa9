package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.ShuttingDownException;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.FaultyCancelBackend;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Backends that throw when a call is cancelled, and readers that throw when a call fails. */
final class CancellationFaultsTest {
  private static final int CALLS = 6;

  private final ManualScheduler time = new ManualScheduler();
  private final FakeBackend endless =
      FakeBackend.answering(call -> ScriptedResponse.tokens(call, "a").thenHangs());

  private OpenAiKServe openai() {
    return OpenAiKServe.builder(new FaultyCancelBackend(endless))
        .scheduler(time)
        .shutdownTimeout(Duration.ZERO)
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .timeout(Duration.ofMinutes(1))
                    .concurrencyLimit(ConcurrencyLimit.of(CALLS)))
        .build();
  }

  private static CompletableFuture<Completion> ask(OpenAiKServe openai) {
    return openai.completions().createAsync(r -> r.prompt("p"));
  }

  private static int running(OpenAiKServe openai) {
    return Objects.requireNonNull(openai.loads().get("m")).running();
  }

  @Test
  void theTimeLimitEndsACallWhoseCancellationThrows() {
    OpenAiKServe openai = openai();
    CompletableFuture<Completion> answer = ask(openai);

    time.advance(Duration.ofMinutes(1));

    assertThat(answer).isCompletedExceptionally();
    assertThat(catchThrowable(answer::join)).hasCauseInstanceOf(BackendException.class);
    assertThat(running(openai)).isZero();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aCallerThatCancelsReleasesThePermit() {
    OpenAiKServe openai = openai();
    CompletableFuture<Completion> answer = ask(openai);
    assertThat(running(openai)).isEqualTo(1);

    answer.cancel(false);

    assertThat(endless.cancellations()).isEqualTo(1);
    assertThat(running(openai)).isZero();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aStopSequenceEndsACallWhoseCancellationThrows() {
    OpenAiKServe openai = openai();

    Completion answer = openai.completions().create(r -> r.prompt("p").stop("a"));

    assertThat(answer.text()).isEmpty();
    assertThat(endless.cancellations()).isEqualTo(1);
    assertThat(running(openai)).isZero();
  }

  @Test
  void aCloseEndsAllCallsAlthoughTheirCancellationThrows() throws Exception {
    OpenAiKServe openai = openai();
    List<CompletableFuture<Completion>> answers =
        Stream.generate(() -> ask(openai)).limit(CALLS).toList();

    openai.close();

    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(catchThrowable(answer::join))
                    .hasCauseInstanceOf(ShuttingDownException.class));
    assertThat(endless.cancellations()).isEqualTo(CALLS);
    assertThat(openai.awaitTermination(Duration.ZERO)).isTrue();
  }

  @Test
  void aCloseEndsAllCallsAlthoughTheirReadersThrow() throws Exception {
    OpenAiKServe openai = openai();
    for (int i = 0; i < CALLS; i++) {
      openai
          .completions()
          .streamAsync(r -> r.prompt("p"))
          .subscribe(
              new TestSubscriber<Completion>(Long.MAX_VALUE) {
                @Override
                public void onError(Throwable failure) {
                  throw new IllegalStateException("a reader");
                }
              });
    }

    openai.close();

    assertThat(endless.cancellations()).isEqualTo(CALLS);
    assertThat(openai.awaitTermination(Duration.ZERO)).isTrue();
  }
}
