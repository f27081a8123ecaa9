package io.github.openaikserve.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob.TopLogprob;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log probabilities as Python servers write them. */
final class ServerLogprobsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
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
  @ValueSource(strings = {"-Infinity", "-1e999", "Infinity", "NaN"})
  void aLogProbabilityThatIsNotFiniteIsOpenAisNumberForTokensThatCannotOccur(String logprob) {
    assertThat(decode(logprob).logprobs())
        .containsExactly(
            new ChatCompletionTokenLogprob(
                "-Infinity",
                -0.5,
                List.of(new TopLogprob("-Infinity", -0.5), new TopLogprob("b", -9999.0))));
  }

  /** vLLM sends the chosen token once: in addition to the likeliest, or as one of them. */
  @ParameterizedTest
  @CsvSource({
    "1,1", "1,2", "1,9", "2,1", "2,2", "2,3", "5,1", "5,3", "5,5", "5,6", "20,20", "20,77"
  })
  void topLogprobsContainTheChosenTokenAtEveryRank(int k, int rank) throws IOException {
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= k; i++) {
      expected.add("t" + i);
    }

    JsonNode chat =
        post(
            "/v1/chat/completions",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"logprobs\":true,"
                + "\"top_logprobs\":%d}".formatted(k),
            k,
            rank);

    JsonNode token = chat.at("/choices/0/logprobs/content/0");
    assertThat(token.get("token").asText()).isEqualTo("t" + rank);
    assertThat(token.get("top_logprobs").findValuesAsText("token")).isEqualTo(expected);
    if (k <= 5) {
      JsonNode completion =
          post("/v1/completions", "{\"prompt\":\"p\",\"logprobs\":%d}".formatted(k), k, rank);
      List<String> names = new ArrayList<>();
      completion.at("/choices/0/logprobs/top_logprobs/0").fieldNames().forEachRemaining(names::add);
      assertThat(names).containsAll(expected);
    }
  }

  @Test
  void aRequestWithoutAlternativesGetsNone() throws IOException {
    JsonNode chat =
        post(
            "/v1/chat/completions",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"logprobs\":true}",
            1,
            2);

    assertThat(chat.at("/choices/0/logprobs/content/0/token").asText()).isEqualTo("t2");
    assertThat(chat.at("/choices/0/logprobs/content/0/top_logprobs")).isEmpty();
  }

  private static JsonNode post(String path, String body, int k, int rank) throws IOException {
    var entries = new StringBuilder(entry(rank));
    for (int i = 1; i <= k; i++) {
      if (i != rank) {
        entries.append(',').append(entry(i));
      }
    }
    var response =
        InferResponse.of(
            Tensor.text("text_output", "t" + rank),
            Tensor.text("logprobs", "[{" + entries + "}]"),
            Tensor.text("finish_reason", "stop"));
    var handler =
        OpenAiKServe.builder(FakeBackend.responses(response))
            .model("m", Dialects.TRITON_VLLM)
            .build()
            .httpHandler();
    ApiResponse answer = handler.handle(Requests.post(path, body)).toCompletableFuture().join();
    return JSON.readTree(Bodies.text(answer));
  }

  private static String entry(int rank) {
    return "\"%d\":{\"logprob\":-%d.5,\"rank\":%d,\"decoded_token\":\"t%d\"}"
        .formatted(rank, rank, rank, rank);
  }
}
