package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.ReasoningFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a token takes does not grow with what was streamed before it, with everything on that looks
 * at text. Shown by what is allocated: a text that is looked at again and again is copied, too.
 */
final class LongStreamTest {
  private static final int TOKENS = 60_000;
  private static final int FROM = 20_000;
  private static final int HALF = 40_000;

  private static final String BODY =
      """
      {"stream": true, "messages": [{"role": "user", "content": "Hi"}],
       "stop": ["\\n\\n", "User:", "END", "</s>"],
       "tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]}""";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final InferResponse token = response(" tok");
  private long atFrom;
  private long atHalf;
  private long atEnd;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text",
        "<think>",
        "<tool_call>{\"name\": \"look\", \"arguments\": {\"at\": \"",
        "```json\n{"
      })
  void aLateTokenTakesNoMoreThanAnEarlyOne(String first) {
    var reader = new Reader();
    OpenAiKServe.builder(backend(response(first)))
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .chatTemplate(ChatTemplates.CHATML)
                    .reasoningFormat(ReasoningFormats.THINK))
        .build()
        .httpHandler()
        .handle(
            new ApiRequest(
                "POST", "/v1/chat/completions", Map.of(), BODY.getBytes(StandardCharsets.UTF_8)))
        .toCompletableFuture()
        .join()
        .body()
        .subscribe(reader);

    assertThat(reader.bytes).isGreaterThan(100L * TOKENS);
    assertThat(atHalf).isGreaterThan(atFrom);
    assertThat(atEnd - atHalf).isLessThan((atHalf - atFrom) * 3 / 2);
  }

  private static InferResponse response(String text) {
    return InferResponse.of(Tensor.text("token", text), Tensor.text("finish_reason", "null"));
  }

  /** Gives as much as is asked for, at once. */
  private InferenceBackend backend(InferResponse first) {
    return call ->
        subscriber ->
            subscriber.onSubscribe(
                new Flow.Subscription() {
                  private long demand;
                  private int given;
                  private boolean giving;

                  @Override
                  public void request(long n) {
                    demand += n;
                    if (giving) {
                      return;
                    }
                    giving = true;
                    while (demand > 0 && given < TOKENS) {
                      demand--;
                      subscriber.onNext(given++ == 0 ? first : token);
                      measure(given);
                      if (given == TOKENS) {
                        subscriber.onComplete();
                      }
                    }
                    giving = false;
                  }

                  @Override
                  public void cancel() {}
                });
  }

  private void measure(int given) {
    switch (given) {
      case FROM -> atFrom = threads.getCurrentThreadAllocatedBytes();
      case HALF -> atHalf = threads.getCurrentThreadAllocatedBytes();
      case TOKENS -> atEnd = threads.getCurrentThreadAllocatedBytes();
      default -> {}
    }
  }

  private static final class Reader implements Flow.Subscriber<ByteBuffer> {
    private Flow.@Nullable Subscription subscription;
    private long bytes;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      bytes += buffer.remaining();
      Flow.Subscription current = subscription;
      if (current != null) {
        current.request(1);
      }
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {}
  }
}
