package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testsupport.Requests;
import io.github.openaikserve.testsupport.SynchronousBackend;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
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
    InferResponse opening = response(first);
    var backend =
        new SynchronousBackend(
            TOKENS,
            number -> {
              measure(number);
              return number == 0 ? opening : token;
            });
    var reader = new TestSubscriber<ByteBuffer>(1).requestPerItem(1);
    OpenAiKServe.builder(backend)
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .chatTemplate(ChatTemplates.CHATML)
                    .reasoningFormat(ReasoningFormats.THINK))
        .build()
        .httpHandler()
        .handle(Requests.post("/v1/chat/completions", BODY))
        .toCompletableFuture()
        .join()
        .body()
        .subscribe(reader);

    assertThat(reader.awaitCompletion().stream().mapToLong(ByteBuffer::remaining).sum())
        .isGreaterThan(100L * TOKENS);
    assertThat(atHalf).isGreaterThan(atFrom);
    assertThat(atEnd - atHalf).isLessThan((atHalf - atFrom) * 3 / 2);
  }

  private static InferResponse response(String text) {
    return InferResponse.of(Tensor.text("token", text), Tensor.text("finish_reason", "null"));
  }

  private void measure(int number) {
    switch (number) {
      case FROM -> atFrom = threads.getCurrentThreadAllocatedBytes();
      case HALF -> atHalf = threads.getCurrentThreadAllocatedBytes();
      case TOKENS - 1 -> atEnd = threads.getCurrentThreadAllocatedBytes();
      default -> {}
    }
  }
}
