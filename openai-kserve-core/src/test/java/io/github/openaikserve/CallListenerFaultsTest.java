package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ThrowableProxy;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.LogCapture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener that throws affects no call, and is logged once. */
final class CallListenerFaultsTest {
  private static final InferResponse A = InferResponse.of(Tensor.text("token", "a"));
  private static final CreateChatCompletionRequest HELLO =
      CreateChatCompletionRequest.builder().user("Hi").build();

  private final ManualScheduler time = new ManualScheduler();
  private final CallDiary diary = new CallDiary();

  @RegisterExtension
  private final LogCapture log =
      new LogCapture("io.github.openaikserve.internal.answer.call.GuardedListener", Level.INFO);

  /** Where a listener throws, and what. */
  static Stream<Arguments> faults() {
    return Stream.of("reads", "start", "metadata", "droppedFields", "response", "completed")
        .flatMap(
            where ->
                Stream.of(
                        new IllegalStateException("expected"),
                        new AssertionError("expected"),
                        new NoClassDefFoundError("expected"),
                        new StackOverflowError("expected"),
                        new OutOfMemoryError("expected"))
                    .map(failure -> Arguments.of(where, failure)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void anExceptionOfAListenerIsLoggedOnceAndTheCallContinues(String where, Throwable failure)
      throws Exception {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("a", "b"))
            .listener(new Throwing(where, failure))
            .listener(diary)
            .model("m", Dialects.ANYSERVE)
            .build();

    for (int i = 0; i < 2; i++) {
      var answer = openai.chatCompletions().createAsync(r -> r.user("Hi").seed(1L));
      assertThat(answer.get(10, TimeUnit.SECONDS).text()).isEqualTo("ab");
    }

    assertThat(diary.received()).filteredOn(CallDiary::isAnEnd).hasSize(2);
    assertThat(log.events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getFormattedMessage())
                  .contains("call listener failed", "callback=" + where);
              assertThat(((ThrowableProxy) event.getThrowableProxy()).getThrowable())
                  .isSameAs(failure);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"failed", "cancelled"})
  void aListenerThatThrowsAtTheEndOfACallThatDidNotCompleteAffectsNothing(String where) {
    ScriptedResponse hangs = ScriptedResponse.of(List.of(A)).thenHangs();
    var answer =
        OpenAiKServe.builder(FakeBackend.answering(call -> hangs))
            .scheduler(time)
            .listener(new Throwing(where, new AssertionError("expected")))
            .listener(diary)
            .model("m", Dialects.ANYSERVE)
            .build()
            .chatCompletions()
            .createAsync(HELLO);

    if (where.equals("cancelled")) {
      answer.cancel(false);
    } else {
      time.advance(Duration.ofMinutes(10));
    }

    assertThat(answer).isCompletedExceptionally();
    assertThat(diary.received()).last().asString().startsWith(where);
    assertThat(log.events()).singleElement().asString().contains("callback=" + where);
  }

  @Test
  void aListenerThatReturnsNothingIsLoggedAndIgnored() {
    CallListener careless =
        new CallListener() {
          @Override
          @SuppressWarnings("NullAway")
          public CallObserver start(CallInfo call) {
            return null;
          }
        };
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("a"))
            .listener(careless)
            .model("m", Dialects.ANYSERVE)
            .build();

    assertThat(openai.chatCompletions().create(HELLO).text()).isEqualTo("a");
    assertThat(log.events()).singleElement().asString().contains("callback=start");
  }

  /** Throws in one of its methods. */
  private static final class Throwing implements CallListener, CallObserver {
    private final String where;
    private final Throwable failure;

    Throwing(String where, Throwable failure) {
      this.where = where;
      this.failure = failure;
    }

    private void enter(String method) {
      if (method.equals(where)) {
        if (failure instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) failure;
      }
    }

    @Override
    public List<String> reads() {
      enter("reads");
      return List.of();
    }

    @Override
    public CallObserver start(CallInfo call) {
      enter("start");
      return this;
    }

    @Override
    public Map<String, String> metadata() {
      enter("metadata");
      return Map.of();
    }

    @Override
    public void droppedFields(List<String> fields) {
      enter("droppedFields");
    }

    @Override
    public void response(long elapsedNanos) {
      enter("response");
    }

    @Override
    public void completed(
        long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
      enter("completed");
    }

    @Override
    public void failed(long elapsedNanos, CallFailure cause, @Nullable CompletionUsage usage) {
      enter("failed");
    }

    @Override
    public void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
      enter("cancelled");
    }
  }
}
