package io.github.openaikserve.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob.TopLogprob;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log probabilities as Python servers write them. */
final class ServerLogprobsTest {
  private static final Dialect DIALECT =
      Dialect.builder("python")
          .input("prompt", Datatype.BYTES, RequestField.PROMPT)
          .output("text", ResponseField.TEXT)
          .output("logprobs", ResponseField.LOGPROBS)
          .build();

  private static GenerationDelta decode(String logprob) {
    String json =
        "[{\"7\":{\"logprob\":-0.5,\"rank\":1,\"decoded_token\":\"-Infinity\"},"
            + "\"8\":{\"logprob\":%s,\"rank\":2,\"decoded_token\":\"b\"}}]".formatted(logprob);
    return DIALECT.decode(
        InferResponse.of(Tensor.text("text", "a"), Tensor.text("logprobs", json)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Infinity", "-1e999"})
  void aTokenThatCannotOccurIsRead(String logprob) {
    assertThat(decode(logprob).logprobs())
        .containsExactly(
            new ChatCompletionTokenLogprob(
                "-Infinity",
                -0.5,
                List.of(
                    new TopLogprob("-Infinity", -0.5),
                    new TopLogprob("b", Double.NEGATIVE_INFINITY))));
  }

  @Test
  void aLogProbabilityThatIsNotANumberIsRefused() {
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> decode("NaN"))
        .withMessageContaining("logprobs");
  }
}
