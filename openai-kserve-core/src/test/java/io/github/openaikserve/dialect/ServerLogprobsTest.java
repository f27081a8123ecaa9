package io.github.openaikserve.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
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
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log probabilities as Python servers write them. */
final class ServerLogprobsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** More responses than are read ahead of a client. */
  private static final int READ_AHEAD = 256;

  private static final String CHAT =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"logprobs\":true,"
          + "\"top_logprobs\":1";
  private static final String COMPLETION = "{\"prompt\":\"p\",\"logprobs\":1";
  private static final String ERROR =
      "{\"error\":{\"message\":\"Output tensor 'logprobs' does not contain a list of log probabilities"
          + " by token id.\",\"type\":\"server_error\",\"param\":null,"
          + "\"code\":\"invalid_backend_response\"}}";
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

  /** Returns a server whose second token has these log probabilities and that sends more tokens. */
  private static FakeBackend answering(String logprobs, int more) {
    return FakeBackend.responses(
        Stream.concat(
                Stream.of(
                    response("t1", "[{%s}]".formatted(entry(1)), "None"),
                    response("t2", logprobs, "None")),
                Collections.nCopies(more, response("t3", "[{%s}]".formatted(entry(3)), "None"))
                    .stream())
            .toArray(InferResponse[]::new));
  }

  private static InferResponse response(String text, String logprobs, String finishReason) {
    return InferResponse.of(
        Tensor.text("text_output", text),
        Tensor.text("logprobs", logprobs),
        Tensor.text("finish_reason", finishReason));
  }

  private static CheckedHandler vllm(FakeBackend backend) {
    return new CheckedHandler(
        OpenAiKServe.builder(backend).model("m", Dialects.TRITON_VLLM).build().httpHandler());
  }

  private static ApiResponse answer(CheckedHandler handler, boolean chat, boolean stream) {
    return handler.answer(
        Requests.post(
            chat ? "/v1/chat/completions" : "/v1/completions",
            (chat ? CHAT : COMPLETION) + ",\"stream\":%s}".formatted(stream)));
  }

  /** Returns the values of a key in all chunks of a stream, which must be JSON. */
  private static List<String> values(String events, String key) throws IOException {
    List<String> values = new ArrayList<>();
    for (String line : events.lines().filter(line -> line.startsWith("data: {")).toList()) {
      JsonNode chunk = JSON.readTree(line.substring("data: ".length()));
      chunk.findValues(key).forEach(value -> values.add(value.toString()));
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Infinity", "-1e999", "Infinity", "NaN"})
  void aLogProbabilityThatIsNotFiniteIsANumberInAStream(String logprob) throws IOException {
    String second = "[{%s}]".formatted(entry(2).replace("-2.5", logprob));
    CheckedHandler handler = vllm(answering(second, 1));

    String chat = Bodies.text(answer(handler, true, true));
    String completion = Bodies.text(answer(handler, false, true));

    assertThat(values(chat, "top_logprobs"))
        .hasSize(3)
        .element(1)
        .isEqualTo("[{\"token\":\"t2\",\"logprob\":-9999.0,\"bytes\":[116,50]}]");
    assertThat(values(completion, "token_logprobs"))
        .containsExactly("[-1.5]", "[-9999.0]", "[-3.5]");
    assertThat(values(completion, "top_logprobs"))
        .containsExactly("[{\"t1\":-1.5}]", "[{\"t2\":-9999.0}]", "[{\"t3\":-3.5}]");
    assertThat(List.of(chat, completion)).allMatch(events -> events.endsWith("data: [DONE]\n\n"));
    assertThat(handler.problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "[", "{}", "[7]", "[{}]", "[{\"1\":{\"logprob\":None}}]", "[{\"1\":NaN}]"})
  void logProbabilitiesThatCannotBeReadFailAnAnswerAsOpenAisErrors(String logprobs)
      throws IOException {
    for (boolean chat : List.of(true, false)) {
      FakeBackend backend = answering(logprobs, READ_AHEAD);
      CheckedHandler handler = vllm(backend);

      String events = Bodies.text(answer(handler, chat, true));
      ApiResponse whole = answer(handler, chat, false);

      assertThat(values(events, "top_logprobs")).singleElement().asString().contains("-1.5");
      assertThat(events)
          .doesNotContain("t2", "[DONE]")
          .endsWith("event: error\ndata: " + ERROR + "\n\n");
      assertThat(whole.status()).isEqualTo(502);
      assertThat(Bodies.text(whole)).isEqualTo(ERROR);
      assertThat(backend.calls()).hasSize(2);
      assertThat(backend.cancellations()).isEqualTo(2);
      assertThat(handler.problems()).isEmpty();
    }
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
    InferResponse response = response("t" + rank, "[{" + entries + "}]", "stop");
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
