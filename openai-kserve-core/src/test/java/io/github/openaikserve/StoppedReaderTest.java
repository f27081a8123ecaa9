package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testsupport.Requests;
import io.github.openaikserve.testsupport.SynchronousBackend;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader that stops stops the server, however much it has to say. */
final class StoppedReaderTest {
  private static final int TOKENS = 100_000;

  /** What may be on its way: a window of responses, and the events held to be given together. */
  private static final int MOST = 128;

  private static final InferResponse TOKEN = InferResponse.of(Tensor.text("token", " tok"));

  private final SynchronousBackend backend = new SynchronousBackend(TOKENS, number -> TOKEN);
  private final TestSubscriber<ByteBuffer> reader = new TestSubscriber<>();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void nothingIsRequestedFromTheServerBeyondDemand(int buffers) {
    events().body().subscribe(reader);
    assertThat(backend.emitted()).isLessThanOrEqualTo(MOST);

    for (int i = 0; i < buffers; i++) {
      reader.request(1);
    }

    assertThat(reader.items()).hasSize(buffers);
    assertThat(backend.emitted() - tokens(reader)).isLessThanOrEqualTo(MOST);
  }

  @Test
  void aReaderThatContinuesReceivesEverything() {
    events().body().subscribe(reader);
    int read = 0;
    while (!reader.isCompleted()) {
      reader.request(1);
      List<ByteBuffer> buffers = reader.items();
      read += buffers.isEmpty() ? 0 : tokens(buffers.get(buffers.size() - 1));
      assertThat(backend.emitted() - read).isLessThanOrEqualTo(MOST);
    }

    assertThat(tokens(reader)).isEqualTo(TOKENS);
    assertThat(reader.items()).hasSizeLessThan(TOKENS / 10);
  }

  private ApiResponse events() {
    String body = "{\"stream\":true,\"prompt\":\"Hi\"}";
    return OpenAiKServe.builder(backend)
        .model("m", Dialects.ANYSERVE)
        .build()
        .httpHandler()
        .handle(Requests.post("/v1/completions", body))
        .toCompletableFuture()
        .join();
  }

  private static int tokens(TestSubscriber<ByteBuffer> reader) {
    return reader.items().stream().mapToInt(StoppedReaderTest::tokens).sum();
  }

  private static int tokens(ByteBuffer buffer) {
    return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString().split("\" tok\"", -1).length
        - 1;
  }
}
