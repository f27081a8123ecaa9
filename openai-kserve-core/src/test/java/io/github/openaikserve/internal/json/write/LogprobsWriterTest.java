package io.github.openaikserve.internal.json.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.GenerationDelta;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob.TopLogprob;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.DelegatingDialect;
import io.github.openaikserve.testsupport.Requests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log probabilities that JSON cannot hold as they are. */
final class LogprobsWriterTest {
  /** As strict as the parsers of OpenAI's clients. */
  private static final ObjectMapper STRICT =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final double NEVER = Double.NEGATIVE_INFINITY;

  private static Dialect reporting(ChatCompletionTokenLogprob... tokens) {
    return new DelegatingDialect(Dialects.ANYSERVE) {
      @Override
      public boolean carries(RequestField field) {
        return field == RequestField.LOGPROBS
            || field == RequestField.TOP_LOGPROBS
            || super.carries(field);
      }

      @Override
      public GenerationDelta decode(InferResponse response) {
        return new GenerationDelta(
            StandardCharsets.UTF_8.encode("x"), "stop", null, null, List.of(tokens));
      }
    };
  }

  private static JsonNode ask(String path, String body, ChatCompletionTokenLogprob... tokens)
      throws IOException {
    var response =
        OpenAiKServe.builder(FakeBackend.responses(InferResponse.of(Tensor.text("token", "x"))))
            .model("m", reporting(tokens))
            .build()
            .httpHandler()
            .answer(Requests.post(path, body));
    return STRICT.readTree(Bodies.bytes(response)).at("/choices/0/logprobs");
  }

  private static JsonNode completion(ChatCompletionTokenLogprob... tokens) throws IOException {
    return ask("/v1/completions", "{\"prompt\":\"p\",\"logprobs\":2}", tokens);
  }

  private static JsonNode chat(ChatCompletionTokenLogprob... tokens) throws IOException {
    return ask(
        "/v1/chat/completions",
        """
        {"messages":[{"role":"user","content":"p"}],"logprobs":true,"top_logprobs":2}\
        """,
        tokens);
  }

  @Test
  void aTokenThatCannotOccurHasTheNumberOfOpenAi() throws IOException {
    var impossible =
        new ChatCompletionTokenLogprob("x", NEVER, List.of(new TopLogprob("y", NEVER)));

    JsonNode old = completion(impossible);
    assertThat(old.at("/token_logprobs")).hasToString("[-9999.0]");
    assertThat(old.at("/top_logprobs")).hasToString("[{\"y\":-9999.0}]");

    JsonNode chat = chat(impossible);
    assertThat(chat.at("/content/0/logprob")).hasToString("-9999.0");
    assertThat(chat.at("/content/0/top_logprobs/0/logprob")).hasToString("-9999.0");
  }

  @Test
  void aProbabilityBeyondCertaintyIsCertainty() throws IOException {
    var certain = new ChatCompletionTokenLogprob("x", Double.POSITIVE_INFINITY, List.of());

    assertThat(completion(certain).at("/token_logprobs")).hasToString("[0.0]");
    assertThat(chat(certain).at("/content/0/logprob")).hasToString("0.0");
  }

  @Test
  void equalTokensAreOneKeyWithTheLikelierValue() throws IOException {
    var token =
        new ChatCompletionTokenLogprob(
            "x",
            -1,
            List.of(
                new TopLogprob("\uFFFD", -2),
                new TopLogprob("a", -3),
                new TopLogprob("\uFFFD", -1),
                new TopLogprob("a", NEVER)));

    assertThat(completion(token).at("/top_logprobs")).hasToString("[{\"\uFFFD\":-1.0,\"a\":-3.0}]");
    assertThat(chat(token).at("/content/0/top_logprobs")).hasSize(4);
  }

  @Test
  void halfOfACharacterHasNoBytes() throws IOException {
    var token = new ChatCompletionTokenLogprob("\uD83D", -1, List.of());

    assertThat(chat(token).at("/content/0/bytes").isNull()).isTrue();
  }

  @Test
  void tokensThatAreEqualOnlyAsJsonAreOneKey() throws IOException {
    var token =
        new ChatCompletionTokenLogprob(
            "x", -1, List.of(new TopLogprob("\uD800", -2), new TopLogprob("\uDBFF", -1)));

    assertThat(completion(token).at("/top_logprobs/0")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLogProbabilityIsANumber(boolean alternative) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> {
              if (alternative) {
                new TopLogprob("x", Double.NaN);
              } else {
                new ChatCompletionTokenLogprob("x", Double.NaN, List.of());
              }
            })
        .withMessageContaining("NaN");
  }
}
