package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader that stops stops the server, however much it has to say. */
final class StoppedReaderTest {
  private static final int TOKENS = 100_000;

  /** What may be on its way: a window of responses, and the events held to be given together. */
  private static final int MOST = 128;

  private final AtomicInteger given = new AtomicInteger();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void nothingIsTakenFromTheServerThatNobodyReads(int buffers) {
    var reader = new Reader();
    events().body().subscribe(reader);
    assertThat(given.get()).isLessThanOrEqualTo(MOST);

    for (int i = 0; i < buffers; i++) {
      reader.ask();
    }

    assertThat(reader.buffers).isEqualTo(buffers);
    assertThat(given.get() - reader.tokens).isLessThanOrEqualTo(MOST);
  }

  @Test
  void whoReadsOnGetsEverything() {
    var reader = new Reader();
    events().body().subscribe(reader);
    while (!reader.done) {
      reader.ask();
      assertThat(given.get() - reader.tokens).isLessThanOrEqualTo(MOST);
    }

    assertThat(reader.tokens).isEqualTo(TOKENS);
    assertThat(reader.buffers).isLessThan(TOKENS / 10);
  }

  private ApiResponse events() {
    String body = "{\"stream\":true,\"prompt\":\"Hi\"}";
    return OpenAiKServe.builder(backend())
        .model("m", Dialects.ANYSERVE)
        .build()
        .httpHandler()
        .handle(
            new ApiRequest(
                "POST", "/v1/completions", Map.of(), body.getBytes(StandardCharsets.UTF_8)))
        .toCompletableFuture()
        .join();
  }

  /** Gives as much as is asked for, at once. */
  private InferenceBackend backend() {
    InferResponse token = InferResponse.of(Tensor.text("token", " tok"));
    return call ->
        subscriber ->
            subscriber.onSubscribe(
                new Flow.Subscription() {
                  private long demand;
                  private boolean giving;

                  @Override
                  public void request(long n) {
                    demand += n;
                    if (giving) {
                      return;
                    }
                    giving = true;
                    while (demand > 0 && given.get() < TOKENS) {
                      demand--;
                      given.incrementAndGet();
                      subscriber.onNext(token);
                      if (given.get() == TOKENS) {
                        subscriber.onComplete();
                      }
                    }
                    giving = false;
                  }

                  @Override
                  public void cancel() {}
                });
  }

  private static final class Reader implements Flow.Subscriber<ByteBuffer> {
    private Flow.@Nullable Subscription subscription;
    private int buffers;
    private int tokens;
    private boolean done;

    void ask() {
      Flow.Subscription current = subscription;
      if (current != null) {
        current.request(1);
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      buffers++;
      String events = StandardCharsets.UTF_8.decode(buffer).toString();
      tokens += events.split("\" tok\"", -1).length - 1;
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {
      done = true;
    }
  }
}
