package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.FakeReply;
import io.github.openaikserve.testing.ManualScheduler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Streams that are silent hold comments. */
final class KeepAliveTest {
  private static final String COMMENT = ": keep-alive\n\n";
  private static final InferResponse A = InferResponse.of(Tensor.text("token", "a"));
  private static final Duration EVER = Duration.ofDays(1);

  private final ManualScheduler time = new ManualScheduler();

  private CompletableFuture<ApiResponse> ask(FakeReply reply) {
    return ask(reply, Duration.ofSeconds(10));
  }

  private CompletableFuture<ApiResponse> ask(FakeReply reply, @Nullable Duration interval) {
    return OpenAiKServe.builder(FakeBackend.answering(call -> reply).scheduler(time))
        .scheduler(time)
        .keepAlive(interval)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).timeout(null))
        .build()
        .httpHandler()
        .handle(
            new ApiRequest(
                "POST",
                "/v1/completions",
                Map.of(),
                "{\"prompt\":\"p\",\"stream\":true}".getBytes(StandardCharsets.UTF_8)));
  }

  private static Reader read(CompletableFuture<ApiResponse> answer, long demand) {
    var reader = new Reader();
    assertThat(answer).isDone();
    answer.join().body().subscribe(reader);
    reader.subscription().request(demand);
    return reader;
  }

  @Test
  void aSilentStreamHoldsAComment() {
    Reader reader = read(ask(FakeReply.of(List.of(A)).thenHangs()), Long.MAX_VALUE);
    assertThat(reader.text()).doesNotContain(COMMENT);

    time.advance(Duration.ofSeconds(15));
    assertThat(reader.comments()).isEqualTo(1);
    time.advance(Duration.ofSeconds(30));

    assertThat(reader.comments()).isEqualTo(4);
    assertThat(reader.text()).endsWith(COMMENT.repeat(4));
  }

  @Test
  void beforeTheFirstTokenTheResponseBeginsAfterOneInterval() {
    CompletableFuture<ApiResponse> answer = ask(FakeReply.of(List.of(A)).thenHangs().every(EVER));
    time.advance(Duration.ofMillis(9_999));
    assertThat(answer).isNotDone();

    time.advance(Duration.ofMillis(1));

    Reader reader = read(answer, Long.MAX_VALUE);
    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(reader.text()).isEqualTo(COMMENT);
  }

  @Test
  void aFailureAfterThatIsAnEvent() {
    FakeReply failing =
        FakeReply.of(List.of())
            .thenFails(new BackendException(BackendCode.UNAVAILABLE, "gone"))
            .every(Duration.ofSeconds(12));
    Reader reader;
    CompletableFuture<ApiResponse> answer = ask(failing);
    time.advance(Duration.ofSeconds(10));
    reader = read(answer, Long.MAX_VALUE);

    time.advance(Duration.ofSeconds(2));

    assertThat(reader.text())
        .startsWith(COMMENT + "event: error\ndata: {\"error\":{\"message\":\"gone\"");
    assertThat(reader.ended).isTrue();
    time.advance(Duration.ofMinutes(1)); // what the fake backend had still planned
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aFailureBeforeThatIsAStatus() {
    FakeReply failing =
        FakeReply.of(List.of())
            .thenFails(new BackendException(BackendCode.UNAVAILABLE, "gone"))
            .every(Duration.ofSeconds(9));
    CompletableFuture<ApiResponse> answer = ask(failing);

    time.advance(Duration.ofSeconds(9));

    assertThat(answer.join().status()).isEqualTo(503);
    time.advance(Duration.ofMinutes(1)); // what the fake backend had still planned
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aStreamThatIsNotSilentHoldsNone() {
    FakeReply steady = FakeReply.of(Collections.nCopies(20, A)).every(Duration.ofSeconds(4));
    CompletableFuture<ApiResponse> answer = ask(steady);
    time.advance(Duration.ofSeconds(4));
    Reader reader = read(answer, Long.MAX_VALUE);

    time.advance(Duration.ofSeconds(100));

    assertThat(reader.ended).isTrue();
    assertThat(reader.text()).doesNotContain(COMMENT).endsWith("data: [DONE]\n\n");
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aReaderWhoStopsGetsOneCommentAtMostWhenItGoesOn() {
    Reader reader = read(ask(FakeReply.of(List.of(A)).thenHangs()), 1);
    time.advance(Duration.ofHours(1));
    assertThat(reader.comments()).isZero();

    reader.subscription().request(100);

    assertThat(reader.comments()).isLessThanOrEqualTo(1);
  }

  @Test
  void aCommentIsAnEventOfItsOwn() {
    Reader reader = read(ask(FakeReply.of(Collections.nCopies(3, A)).thenHangs()), Long.MAX_VALUE);

    time.advance(Duration.ofMinutes(2));

    assertThat(reader.buffers)
        .allMatch(buffer -> buffer.equals(COMMENT) || buffer.startsWith("data: "))
        .allMatch(buffer -> buffer.endsWith("\n\n"));
  }

  @Test
  void aCancelledStreamHasNoTimer() {
    Reader reader = read(ask(FakeReply.of(List.of(A)).thenHangs()), Long.MAX_VALUE);

    reader.subscription().cancel();

    assertThat(time.waiting()).isZero();
  }

  @Test
  void anAnswerThatIsCancelledBeforeItBeganHasNoTimer() {
    CompletableFuture<ApiResponse> answer = ask(FakeReply.of(List.of()).thenHangs());

    answer.cancel(false);

    assertThat(time.waiting()).isZero();
  }

  @Test
  void commentsCanBeTurnedOff() {
    Reader reader = read(ask(FakeReply.of(List.of(A)).thenHangs(), null), Long.MAX_VALUE);

    time.advance(EVER);

    assertThat(reader.comments()).isZero();
  }

  private static final class Reader implements Flow.Subscriber<ByteBuffer> {
    final List<String> buffers = new ArrayList<>();
    private Flow.@Nullable Subscription subscription;
    boolean ended;

    Flow.Subscription subscription() {
      return Objects.requireNonNull(subscription);
    }

    String text() {
      return String.join("", buffers);
    }

    long comments() {
      return buffers.stream().filter(COMMENT::equals).count();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      buffers.add(StandardCharsets.UTF_8.decode(buffer).toString());
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError("a body never fails", failure);
    }

    @Override
    public void onComplete() {
      ended = true;
    }
  }
}
