package io.github.openaikserve.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.chat.Tokenizer;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokenizer of a real model in llama.cpp. */
final class LlamaTokenizerTest {
  private static LlamaCppWorker worker;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void start() throws IOException {
    worker = LlamaCppWorker.builder().slots(1).start();
    tokenizer = worker.tokenizer();
  }

  @AfterAll
  static void end() {
    worker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Hello, how are you?", "héllo — 世界 🙂", " two  spaces\n", "a"})
  void theTokensOfATextAreItsText(String text) {
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    assertThat(tokenizer.count(text)).isEqualTo(tokenizer.encode(text).length).isPositive();
  }

  @Test
  void anEmptyTextHasNoTokens() {
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.decode(new int[0])).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1_000_000})
  void aNumberThatIsNotATokenIsRejected(int token) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokenizer.decode(new int[] {token}))
        .withMessageContaining("is not one of the model's");
  }

  @Test
  void aTextThatIsFarLongerThanTheContextIsRefusedAndEstimated() {
    String text = "word ".repeat(100_000);

    assertThatIllegalArgumentException().isThrownBy(() -> tokenizer.encode(text));
    assertThat(tokenizer.count(text)).isEqualTo(TokenCounter.ESTIMATE.count(text));
  }

  @Test
  void aTokenizerOfAClosedModelFails() throws IOException {
    var closed = LlamaCppWorker.builder().slots(1).start();
    Tokenizer late = closed.tokenizer();
    closed.close();

    assertThatIllegalStateException().isThrownBy(() -> late.encode("a"));
    assertThat(late.count("a")).isEqualTo(1);
  }
}
