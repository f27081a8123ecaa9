package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Requests;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Streams that are silent hold comments. */
final class KeepAliveTest {
  private static final String COMMENT = ": keep-alive\n\n";
  private static final InferResponse A = InferResponse.of(Tensor.text("token", "a"));
  private static final Duration EVER = Duration.ofDays(1);

  private final ManualScheduler time = new ManualScheduler();

  private CompletableFuture<ApiResponse> ask(ScriptedResponse reply) {
    return ask(reply, Duration.ofSeconds(10));
  }

  private CompletableFuture<ApiResponse> ask(ScriptedResponse reply, @Nullable Duration interval) {
    return ask(handler(reply, interval));
  }

  private static CompletableFuture<ApiResponse> ask(OpenAiHandler handler) {
    return handler.handle(Requests.post("/v1/completions", "{\"prompt\":\"p\",\"stream\":true}"));
  }

  private OpenAiHandler handler(ScriptedResponse reply, @Nullable Duration interval) {
    return OpenAiKServe.builder(FakeBackend.answering(call -> reply).scheduler(time))
        .scheduler(time)
        .keepAlive(interval)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).timeout(null))
        .build()
        .httpHandler();
  }

  private static TestSubscriber<ByteBuffer> read(
      CompletableFuture<ApiResponse> answer, long demand) {
    var reader = new TestSubscriber<ByteBuffer>(demand);
    assertThat(answer).isDone();
    answer.join().body().subscribe(reader);
    return reader;
  }

  private static List<String> buffers(TestSubscriber<ByteBuffer> reader) {
    assertThat(reader.failure()).isNull();
    return reader.items().stream()
        .map(buffer -> StandardCharsets.UTF_8.decode(buffer.duplicate()).toString())
        .toList();
  }

  private static String text(TestSubscriber<ByteBuffer> reader) {
    return String.join("", buffers(reader));
  }

  private static long comments(TestSubscriber<ByteBuffer> reader) {
    return buffers(reader).stream().filter(COMMENT::equals).count();
  }

  @Test
  void aSilentStreamHoldsAComment() {
    var reader = read(ask(ScriptedResponse.of(List.of(A)).thenHangs()), Long.MAX_VALUE);
    assertThat(text(reader)).doesNotContain(COMMENT);

    time.advance(Duration.ofSeconds(15));
    assertThat(comments(reader)).isEqualTo(1);
    time.advance(Duration.ofSeconds(30));

    assertThat(comments(reader)).isEqualTo(4);
    assertThat(text(reader)).endsWith(COMMENT.repeat(4));
  }

  @Test
  void beforeTheFirstTokenTheResponseBeginsAfterOneInterval() {
    CompletableFuture<ApiResponse> answer =
        ask(ScriptedResponse.of(List.of(A)).thenHangs().every(EVER));
    time.advance(Duration.ofMillis(9_999));
    assertThat(answer).isNotDone();

    time.advance(Duration.ofMillis(1));

    var reader = read(answer, Long.MAX_VALUE);
    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(text(reader)).isEqualTo(COMMENT);
  }

  @Test
  void aFailureAfterThatIsAnEvent() {
    ScriptedResponse failing =
        ScriptedResponse.of(List.of())
            .thenFails(new BackendException(BackendCode.UNAVAILABLE, "gone"))
            .every(Duration.ofSeconds(12));
    CompletableFuture<ApiResponse> answer = ask(failing);
    time.advance(Duration.ofSeconds(10));
    var reader = read(answer, Long.MAX_VALUE);

    time.advance(Duration.ofSeconds(2));

    assertThat(text(reader))
        .startsWith(COMMENT + "event: error\ndata: {\"error\":{\"message\":\"gone\"");
    assertThat(reader.isCompleted()).isTrue();
    time.advance(Duration.ofMinutes(1)); // what the fake backend had still planned
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aFailureBeforeThatIsAStatus() {
    ScriptedResponse failing =
        ScriptedResponse.of(List.of())
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
    ScriptedResponse steady =
        ScriptedResponse.of(Collections.nCopies(20, A)).every(Duration.ofSeconds(4));
    CompletableFuture<ApiResponse> answer = ask(steady);
    time.advance(Duration.ofSeconds(4));
    var reader = read(answer, Long.MAX_VALUE);

    time.advance(Duration.ofSeconds(100));

    assertThat(reader.isCompleted()).isTrue();
    assertThat(text(reader)).doesNotContain(COMMENT).endsWith("data: [DONE]\n\n");
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aReaderThatPausesReceivesOneKeepAliveCommentWhenItResumes() {
    var reader = read(ask(ScriptedResponse.of(List.of(A)).thenHangs()), 1);
    time.advance(Duration.ofHours(1));
    assertThat(comments(reader)).isZero();

    reader.request(100);

    assertThat(comments(reader)).isEqualTo(1);
  }

  @Test
  void aCommentIsASeparateEvent() {
    var reader =
        read(ask(ScriptedResponse.of(Collections.nCopies(3, A)).thenHangs()), Long.MAX_VALUE);

    time.advance(Duration.ofMinutes(2));

    assertThat(buffers(reader))
        .allMatch(buffer -> buffer.equals(COMMENT) || buffer.startsWith("data: "))
        .allMatch(buffer -> buffer.endsWith("\n\n"));
  }

  @Test
  void aCancelledStreamHasNoTimer() {
    var reader = read(ask(ScriptedResponse.of(List.of(A)).thenHangs()), Long.MAX_VALUE);

    reader.cancel();

    assertThat(time.waiting()).isZero();
  }

  @Test
  void anAnswerThatIsCancelledBeforeItBeganHasNoTimer() {
    CompletableFuture<ApiResponse> answer = ask(ScriptedResponse.of(List.of()).thenHangs());

    answer.cancel(false);

    assertThat(time.waiting()).isZero();
  }

  @Test
  void aReaderThatThrowsEndsNoCommentsOfOthers() {
    OpenAiHandler handler =
        handler(ScriptedResponse.of(List.of(A)).thenHangs(), Duration.ofSeconds(10));
    var first = read(ask(handler), Long.MAX_VALUE);
    ask(handler)
        .join()
        .body()
        .subscribe(new TestSubscriber<ByteBuffer>(Long.MAX_VALUE).throwOnItem(2));
    var last = read(ask(handler), Long.MAX_VALUE);

    time.advance(Duration.ofSeconds(35));

    assertThat(comments(first)).isEqualTo(3);
    assertThat(comments(last)).isEqualTo(3);
    assertThat(comments(readLater(handler))).isEqualTo(1);
  }

  private TestSubscriber<ByteBuffer> readLater(OpenAiHandler handler) {
    var reader = read(ask(handler), Long.MAX_VALUE);
    time.advance(Duration.ofSeconds(15));
    return reader;
  }

  @Test
  void commentsCanBeTurnedOff() {
    var reader = read(ask(ScriptedResponse.of(List.of(A)).thenHangs(), null), Long.MAX_VALUE);

    time.advance(EVER);

    assertThat(comments(reader)).isZero();
  }
}
