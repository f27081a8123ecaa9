package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that fail after they have begun. */
final class FailedStreamTest {
  private static final InferResponse A = InferResponse.of(Tensor.text("token", "a"));
  private static final String ERROR =
      "event: error\ndata: {\"error\":{\"message\":\"gone\",\"type\":\"server_error\",";

  private final BackendException gone = new BackendException(BackendCode.UNAVAILABLE, "gone");

  private ApiResponse stream(boolean aborts, int n) {
    return OpenAiKServe.builder(
            FakeBackend.answering(call -> ScriptedResponse.of(List.of(A)).thenFails(gone)))
        .abortFailedStreams(aborts)
        .model("m", Dialects.ANYSERVE)
        .build()
        .httpHandler()
        .answer(
            Requests.post(
                "/v1/completions", "{\"prompt\":\"p\",\"stream\":true,\"n\":%d}".formatted(n)));
  }

  private static String text(List<ByteBuffer> buffers) {
    var text = new StringBuilder();
    buffers.forEach(buffer -> text.append(StandardCharsets.UTF_8.decode(buffer.duplicate())));
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFailureIsAnErrorEventAfterWhichTheBodyCompletes(int n) {
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    stream(false, n).body().subscribe(reader);

    assertThat(text(reader.awaitCompletion()))
        .contains("\"text\":\"a\"", ERROR)
        .doesNotContain("[DONE]")
        .endsWith("}}\n\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFailureMayAlsoFailTheBodyAfterTheErrorEvent(int n) {
    var reader = new TestSubscriber<ByteBuffer>(Long.MAX_VALUE);
    stream(true, n).body().subscribe(reader);

    assertThat(reader.awaitFailure()).isSameAs(gone);
    assertThat(text(reader.items())).contains("\"text\":\"a\"", ERROR).endsWith("}}\n\n");
  }

  @Test
  void aFailedBodyIsWrittenUpToTheErrorEvent() {
    var out = new ByteArrayOutputStream();

    Throwable failure = catchThrowable(() -> stream(true, 1).body().writeTo(out));

    assertThat(failure).isInstanceOf(IOException.class).hasCause(gone);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains(ERROR);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFailureBeforeTheFirstEventIsAStatus(boolean aborts) {
    ApiResponse response =
        OpenAiKServe.builder(FakeBackend.failing(BackendCode.UNAVAILABLE, "gone"))
            .abortFailedStreams(aborts)
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler()
            .answer(Requests.post("/v1/completions", "{\"prompt\":\"p\",\"stream\":true}"));

    assertThat(response.status()).isEqualTo(503);
    assertThat(Bodies.text(response)).startsWith("{\"error\":{\"message\":\"gone\"");
  }
}
