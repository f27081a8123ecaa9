package io.github.openaikserve.internal.answer.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.LogCapture;
import io.github.openaikserve.testsupport.Requests;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Token counts of servers that are out of range. */
final class TokenCountsTest {
  private static final Dialect COUNTING =
      Dialect.builder("counting")
          .input("prompt", Datatype.BYTES, RequestField.PROMPT)
          .output("text", ResponseField.TEXT)
          .output("in", ResponseField.PROMPT_TOKENS)
          .output("out", ResponseField.COMPLETION_TOKENS)
          .decoupled()
          .build();

  @RegisterExtension private final LogCapture log = new LogCapture(TokenCounts.class);

  private static InferResponse counted(int prompt, int completion) {
    return InferResponse.of(
        Tensor.text("text", "x"), Tensor.ints("in", prompt), Tensor.ints("out", completion));
  }

  private static Map<?, ?> usage(ApiResponse response) {
    String json = Bodies.text(response);
    assertThat(response.status()).as(json).isEqualTo(200);
    Map<?, ?> answer = (Map<?, ?>) JsonCodec.readValue(json).orElseThrow();
    return (Map<?, ?>) Objects.requireNonNull(answer.get("usage"));
  }

  private static long number(Map<?, ?> usage, String name) {
    return ((Number) Objects.requireNonNull(usage.get(name))).longValue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 128})
  void theLargestCountsOfAServerAreClampedAndNeverOverflow(int n) {
    int most = Integer.MAX_VALUE;
    ApiResponse response =
        OpenAiKServe.builder(FakeBackend.responses(counted(most, most), counted(most, most)))
            .model("m", COUNTING)
            .build()
            .httpHandler()
            .answer(Requests.post("/v1/completions", "{\"prompt\":\"p\",\"n\":%d}".formatted(n)));

    Map<?, ?> usage = usage(response);
    assertThat(number(usage, "prompt_tokens")).isEqualTo(1_000_000_000);
    assertThat(number(usage, "completion_tokens")).isEqualTo(1_000_000_000);
    assertThat(number(usage, "total_tokens")).isEqualTo(2_000_000_000);
  }

  @Test
  void aCallWhoseCountsAreOutOfRangeIsLoggedOnce() {
    int most = Integer.MAX_VALUE;
    var openai =
        OpenAiKServe.builder(FakeBackend.responses(counted(most, most), counted(most, most)))
            .model("m", COUNTING)
            .build();

    openai.completions().create(r -> r.prompt("p"));
    openai.completions().create(r -> r.prompt("p"));

    assertThat(log.messages())
        .hasSize(2)
        .allMatch(line -> line.contains("reported=2147483647 used=1000000000"));
  }

  @Test
  void theLargestCountsOfEmbeddingsAreClamped() {
    var dialect =
        Dialect.builder("vectors")
            .input("text", Datatype.BYTES, RequestField.INPUT)
            .output("vector", ResponseField.EMBEDDING)
            .output("in", ResponseField.PROMPT_TOKENS)
            .build();
    var backend =
        FakeBackend.responses(
            InferResponse.of(Tensor.floats("vector", 1, 2), Tensor.ints("in", Integer.MAX_VALUE)));
    ApiResponse response =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.embeddingDialect(dialect))
            .build()
            .httpHandler()
            .answer(Requests.post("/v1/embeddings", "{\"input\":\"a\"}"));

    Map<?, ?> usage = usage(response);
    assertThat(number(usage, "total_tokens")).isEqualTo(1_000_000_000);
    assertThat(log.events()).hasSize(1);
  }

  @Test
  void aSumOfUsageIsNeverNegative() {
    assertThat(new CompletionUsage(10, Integer.MAX_VALUE, false).totalTokens())
        .isEqualTo(Integer.MAX_VALUE);
  }
}
