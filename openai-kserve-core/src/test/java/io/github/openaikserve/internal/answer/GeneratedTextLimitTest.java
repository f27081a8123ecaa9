package io.github.openaikserve.internal.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.EndlessBackend;
import io.github.openaikserve.testsupport.Requests;
import java.util.Collections;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text that servers may generate for one request. */
final class GeneratedTextLimitTest {
  private static final int LIMIT = 10_000;
  private static final int PIECE = 100;

  /** The responses that may be on their way when the limit is reached. */
  private static final int WINDOWS = 128;

  /** A character that only generated text contains. */
  private static final String MARK = "~";

  private static final String CODE = "\"code\":\"response_too_large\"";

  private static EndlessBackend endless(String first) {
    return new EndlessBackend(
        number -> InferResponse.of(Tensor.text("token", number == 0 ? first : "x".repeat(PIECE))));
  }

  private static ApiResponse ask(
      InferenceBackend backend, Consumer<ModelBuilder> model, String path, String body) {
    return ask(RequestLimits.builder().generatedText(LIMIT).build(), backend, model, path, body);
  }

  private static ApiResponse ask(
      RequestLimits limits,
      InferenceBackend backend,
      Consumer<ModelBuilder> model,
      String path,
      String body) {
    return OpenAiKServe.builder(backend)
        .requestLimits(limits)
        .model(
            "m",
            m -> {
              m.dialect(Dialects.ANYSERVE);
              model.accept(m);
            })
        .build()
        .httpHandler()
        .answer(Requests.post(path, body));
  }

  private static void assertBounded(EndlessBackend backend, int calls) {
    assertThat(backend.calls()).isEqualTo(calls);
    assertThat(backend.cancellations()).isEqualTo(calls);
    assertThat(backend.emitted()).isLessThanOrEqualTo(LIMIT / PIECE + WINDOWS);
  }

  @Test
  void theLimitIs16MebibytesByDefault() {
    assertThat(RequestLimits.ofDefaults().generatedText()).isEqualTo(16 << 20);
  }

  /** Returns a server that sends 16 pieces of one mebibyte and then single bytes. */
  private static FakeBackend large(int bytes) {
    InferResponse piece = InferResponse.of(Tensor.text("token", MARK.repeat(1 << 20)));
    InferResponse more = InferResponse.of(Tensor.text("token", MARK));
    return FakeBackend.responses(
        Stream.concat(
                Collections.nCopies(16, piece).stream(), Collections.nCopies(bytes, more).stream())
            .toArray(InferResponse[]::new));
  }

  private static ApiResponse askWithDefaults(InferenceBackend backend, boolean stream) {
    return ask(
        RequestLimits.ofDefaults(),
        backend,
        m -> {},
        "/v1/completions",
        "{\"prompt\":\"p\",\"max_tokens\":99,\"stream\":%s}".formatted(stream));
  }

  private static int marks(String body) {
    int marks = 0;
    for (int i = 0; i < body.length(); i++) {
      marks += body.charAt(i) == MARK.charAt(0) ? 1 : 0;
    }
    return marks;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTextOf16MebibytesIsAnsweredByDefault(boolean stream) {
    ApiResponse response = askWithDefaults(large(0), stream);

    assertThat(response.status()).isEqualTo(200);
    String body = Bodies.text(response);
    assertThat(marks(body)).isEqualTo(16 << 20);
    assertThat(body.contains("\"error\"")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneByteMoreThan16MebibytesFailsByDefaultAndCancelsTheCall(boolean stream) {
    FakeBackend backend = large(2 * WINDOWS);

    ApiResponse response = askWithDefaults(backend, stream);

    assertThat(response.status()).isEqualTo(stream ? 200 : 502);
    String body = Bodies.text(response);
    assertThat(marks(body)).isEqualTo(stream ? 16 << 20 : 0);
    assertThat(body.substring(Math.max(0, body.length() - 300)))
        .contains(
            "{\"error\":{\"message\":\"The model server generated more than 16777216 bytes of text,"
                + " the limit for one request.\",\"type\":\"server_error\",\"param\":null,"
                + CODE)
        .doesNotContain("[DONE]");
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  @Test
  void aServerThatNeverEndsFailsAWholeAnswer() {
    EndlessBackend backend = endless("x");

    ApiResponse response =
        ask(backend, m -> {}, "/v1/completions", "{\"prompt\":\"p\",\"max_tokens\":16}");

    assertThat(response.status()).isEqualTo(502);
    assertThat(Bodies.text(response)).contains(CODE, "more than 10000 bytes");
    assertBounded(backend, 1);
  }

  @Test
  void severalChoicesShareTheLimit() {
    EndlessBackend backend = endless("x");

    ApiResponse response = ask(backend, m -> {}, "/v1/completions", "{\"prompt\":\"p\",\"n\":4}");

    assertThat(response.status()).isEqualTo(502);
    assertThat(Bodies.text(response)).contains(CODE);
    assertBounded(backend, 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aStreamEndsWithAnErrorEvent(int n) {
    EndlessBackend backend = endless("x");

    ApiResponse response =
        ask(
            backend,
            m -> {},
            "/v1/completions",
            "{\"prompt\":\"p\",\"stream\":true,\"n\":%d}".formatted(n));

    assertThat(response.status()).isEqualTo(200);
    String events = Bodies.text(response);
    assertThat(events).contains("event: error\ndata: {\"error\"", CODE).doesNotContain("[DONE]");
    assertThat(events.split("x{%d}".formatted(PIECE), -1))
        .hasSizeBetween(LIMIT / PIECE / 2, LIMIT / PIECE + 1);
    assertBounded(backend, n);
  }

  @Test
  void aUnaryAnswerIsLimited() {
    var backend =
        FakeBackend.responses(InferResponse.of(Tensor.text("text", "x".repeat(LIMIT + 1))));

    ApiResponse response =
        ask(backend, m -> m.dialect(unary()), "/v1/completions", "{\"prompt\":\"p\"}");

    assertThat(response.status()).isEqualTo(502);
    assertThat(Bodies.text(response)).contains(CODE);
  }

  private static Dialect unary() {
    return Dialect.builder("unary")
        .input("prompt", Datatype.BYTES, RequestField.PROMPT)
        .output("text", ResponseField.TEXT)
        .build();
  }

  @Test
  void anAnswerOfExactlyTheLimitIsAnswered() {
    var backend = FakeBackend.responses(InferResponse.of(Tensor.text("text", "x".repeat(LIMIT))));

    ApiResponse response =
        ask(backend, m -> m.dialect(unary()), "/v1/completions", "{\"prompt\":\"p\"}");

    assertThat(response.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTextThatIsRepeatedInEveryResponseCountsOnce(boolean stream) {
    var cumulative =
        Dialect.builder("cumulative")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .input("max_tokens", Datatype.INT32, RequestField.MAX_TOKENS)
            .output("text", ResponseField.TEXT)
            .decoupled()
            .cumulativeText()
            .aggregateFromStream()
            .build();
    IntFunction<InferResponse> growing =
        number -> InferResponse.of(Tensor.text("text", "x".repeat(PIECE * (number + 1))));
    var backend = new EndlessBackend(growing);

    ApiResponse response =
        ask(
            backend,
            m -> m.dialect(cumulative),
            "/v1/completions",
            "{\"prompt\":\"p\",\"stream\":%s}".formatted(stream));

    assertThat(Bodies.text(response)).contains(CODE);
    assertThat(response.status()).isEqualTo(stream ? 200 : 502);
    assertThat(backend.emitted()).isGreaterThan(LIMIT / PIECE);
    assertBounded(backend, 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reasoningIsLimited(boolean stream) {
    EndlessBackend backend = endless("<think>");

    ApiResponse response =
        ask(
            backend,
            m -> m.reasoningFormat(ReasoningFormats.THINK),
            "/v1/chat/completions",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"p\"}],\"stream\":%s}"
                .formatted(stream));

    assertThat(Bodies.text(response)).contains(CODE);
    assertThat(response.status()).isEqualTo(stream ? 200 : 502);
    assertBounded(backend, 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theArgumentsOfAToolAreLimited(boolean stream) {
    EndlessBackend backend = endless("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": \"");

    ApiResponse response =
        ask(
            backend,
            m ->
                m.chatTemplate(ChatTemplates.CHATML)
                    .toolCallFormat(ToolCallFormats.HERMES)
                    .tools(true),
            "/v1/chat/completions",
            """
            {"messages":[{"role":"user","content":"p"}],"stream":%s,
             "tools":[{"type":"function","function":{"name":"f"}}]}"""
                .formatted(stream));

    assertThat(Bodies.text(response)).contains(CODE);
    assertThat(response.status()).isEqualTo(stream ? 200 : 502);
    assertBounded(backend, 1);
  }
}
