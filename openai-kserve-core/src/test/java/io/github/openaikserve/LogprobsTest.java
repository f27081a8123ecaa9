package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.GenerationDelta;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.CheckedHandler;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob.TopLogprob;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log probabilities from a dialect that has them. */
final class LogprobsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void aChatsTokensComeWithTheirsAndTheirBytes() throws IOException {
    JsonNode answer =
        post(
            "/v1/chat/completions",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                + "\"logprobs\":true,\"top_logprobs\":1}");

    assertThat(answer.at("/choices/0/logprobs"))
        .isEqualTo(
            JSON.readTree(
                "{\"content\":["
                    + "{\"token\":\"é\",\"logprob\":-0.5,\"bytes\":[195,169],\"top_logprobs\":"
                    + "[{\"token\":\"e\",\"logprob\":-1.5,\"bytes\":[101]}]},"
                    + "{\"token\":\"b\",\"logprob\":-0.5,\"bytes\":[98],\"top_logprobs\":"
                    + "[{\"token\":\"e\",\"logprob\":-1.5,\"bytes\":[101]}]}],"
                    + "\"refusal\":null}"));
  }

  @Test
  void aCompletionHasTheLegacyLogProbabilities() throws IOException {
    JsonNode answer = post("/v1/completions", "{\"prompt\":\"pré\",\"logprobs\":1}");

    assertThat(answer.at("/choices/0/text").asText()).isEqualTo("ébc");
    assertThat(answer.at("/choices/0/logprobs"))
        .isEqualTo(
            JSON.readTree(
                "{\"tokens\":[\"é\",\"b\",\"c\"],\"token_logprobs\":[-0.5,-0.5,-0.5],"
                    + "\"top_logprobs\":[{\"e\":-1.5},{\"e\":-1.5},{\"e\":-1.5}],"
                    + "\"text_offset\":[0,1,2]}"));
  }

  static Stream<Arguments> partsOfCharacters() {
    byte[] e = "é".getBytes(StandardCharsets.UTF_8);
    byte[] smile = "😀".getBytes(StandardCharsets.UTF_8);
    String part = "\uFFFD";
    return Stream.of(
        arguments(
            List.of(
                response("a", new byte[] {'a'}),
                response(part, bytes(e, 0, 1)),
                response(part, bytes(e, 1, 2)),
                response("b", "b".getBytes(StandardCharsets.UTF_8))),
            "aéb",
            List.of(0, 1, 1, 2)),
        arguments(
            List.of(
                response(part, bytes(smile, 0, 1)),
                response(part, bytes(smile, 1, 3)),
                response(part, bytes(smile, 3, 4)),
                response(part, bytes(e, 0, 1)),
                response(part + "x", new byte[] {e[1], 'x'}),
                response("y", "y".getBytes(StandardCharsets.UTF_8))),
            "😀éxy",
            List.of(0, 0, 0, 1, 1, 3)));
  }

  @ParameterizedTest
  @MethodSource("partsOfCharacters")
  void theOffsetsOfPartsOfCharactersAreThoseOfTheCharacters(
      List<InferResponse> responses, String text, List<Integer> offsets) throws IOException {
    assertOffsets(responses, text, "", offsets);
  }

  @Test
  void offsetsDoNotDependOnTextThatIsHeldBack() throws IOException {
    assertOffsets(
        List.of(
            response("ab", "ab".getBytes(StandardCharsets.UTF_8)),
            response("c", "c".getBytes(StandardCharsets.UTF_8))),
        "abc",
        ",\"stop\":\"bx\"",
        List.of(0, 2));
  }

  /** vLLM holds back as much text as its longest stop sequence has. */
  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stop\":\"xyz\"", ",\"stop\":\"bx\""})
  void offsetsDoNotDependOnTextThatTheServerHoldsBack(String stop) throws IOException {
    assertOffsets(
        List.of(
            response("a", new byte[0]),
            response("b", new byte[0]),
            response("c", "a".getBytes(StandardCharsets.UTF_8)),
            response("d", "b".getBytes(StandardCharsets.UTF_8)),
            response("e", "cde".getBytes(StandardCharsets.UTF_8))),
        "abcde",
        stop,
        List.of(0, 1, 2, 3, 4));
  }

  private static void assertOffsets(
      List<InferResponse> responses, String text, String fields, List<Integer> offsets)
      throws IOException {
    InferResponse[] all = responses.toArray(InferResponse[]::new);
    String body = "{\"prompt\":\"p\",\"logprobs\":1,\"max_tokens\":9" + fields;
    JsonNode whole =
        JSON.readTree(
            Bodies.text(
                service(FakeBackend.responses(all))
                    .httpHandler()
                    .answer(Requests.post("/v1/completions", body + "}"))));
    String events =
        Bodies.text(
            service(FakeBackend.responses(all))
                .httpHandler()
                .answer(Requests.post("/v1/completions", body + ",\"stream\":true}")));

    List<Integer> streamed = new ArrayList<>();
    for (String line : events.lines().filter(l -> l.startsWith("data: {")).toList()) {
      JsonNode chunk = JSON.readTree(line.substring("data: ".length()));
      chunk.at("/choices/0/logprobs/text_offset").forEach(offset -> streamed.add(offset.asInt()));
    }
    List<Integer> ofWhole = new ArrayList<>();
    whole.at("/choices/0/logprobs/text_offset").forEach(offset -> ofWhole.add(offset.asInt()));
    assertThat(whole.at("/choices/0/text").asText()).isEqualTo(text);
    assertThat(ofWhole).isEqualTo(offsets);
    assertThat(streamed).isEqualTo(offsets);
  }

  private static OpenAiKServe service(FakeBackend backend) {
    return OpenAiKServe.builder(backend).model("m", new Telling()).build();
  }

  private static byte[] bytes(byte[] all, int from, int to) {
    return Arrays.copyOfRange(all, from, to);
  }

  /** Returns a response with the token's own text, and the bytes of the answer's text. */
  private static InferResponse response(String token, byte[] text) {
    return InferResponse.of(
        Tensor.text("t", token), Tensor.of("text", new long[] {1}, List.of(ByteBuffer.wrap(text))));
  }

  /** The markup of a call is not content, so its tokens have no log probabilities in the answer. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aStreamWithToolsHasThoseOfEachTokenOnce(int top) {
    var backend =
        FakeBackend.responses(
            Stream.of(
                    "I",
                    " book",
                    ".",
                    "<tool_call>",
                    "{\"name\": \"f\", ",
                    "\"arguments\": {}}",
                    "</tool_call>")
                .map(LogprobsTest::response)
                .toArray(InferResponse[]::new));
    var openai =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.dialect(new Telling())
                        .toolCallFormat(ToolCallFormats.HERMES)
                        .chatTemplate(ChatTemplates.CHATML))
            .build();
    List<ChatCompletionTokenLogprob> streamed = new ArrayList<>();
    var text = new StringBuilder();

    try (var chunks =
        openai.chatCompletions().stream(
            r ->
                r.user("Hi")
                    .tool(ChatCompletionTool.function("f", "", Map.of()))
                    .logprobs(true)
                    .topLogprobs(top))) {
      for (var chunk : chunks) {
        ChatCompletionChunk.Choice choice = chunk.choices().get(0);
        text.append(choice.delta().content() == null ? "" : choice.delta().content());
        if (choice.logprobs() != null) {
          streamed.addAll(choice.logprobs());
        }
      }
    }

    assertThat(text.toString()).isEqualTo("I book.");
    assertThat(streamed)
        .extracting(ChatCompletionTokenLogprob::token)
        .startsWith("I", " book", ".")
        .doesNotHaveDuplicates();
    assertThat(streamed)
        .allSatisfy(token -> assertThat(token.topLogprobs()).hasSize(Math.min(top, 1)));
  }

  @Test
  void theyAreNullUnlessAskedFor() throws IOException {
    JsonNode answer = post("/v1/completions", "{\"prompt\":\"p\"}");

    assertThat(answer.at("/choices/0/logprobs").isNull()).isTrue();
  }

  private static JsonNode post(String path, String body) throws IOException {
    var backend = FakeBackend.responses(response("é"), response("b"), response("c"));
    var openai = OpenAiKServe.builder(backend).model("m", new Telling()).build();
    boolean twoTokens = path.contains("chat");
    String limited = body.replaceFirst("\\}$", ",\"max_tokens\":" + (twoTokens ? 2 : 3) + "}");
    var checked = new CheckedHandler(openai.httpHandler());
    ApiResponse response =
        checked.handle(Requests.post(path, limited)).toCompletableFuture().join();
    String text = Bodies.text(response);
    assertThat(checked.problems()).isEmpty();
    return JSON.readTree(text);
  }

  private static InferResponse response(String token) {
    return InferResponse.of(Tensor.text("t", token));
  }

  /** A dialect that is more than a table: it tells how likely each token was, if asked. */
  private static final class Telling implements Dialect {
    private boolean asked;

    @Override
    public String name() {
      return "telling";
    }

    @Override
    public boolean carries(RequestField field) {
      return field == RequestField.LOGPROBS || field == RequestField.TOP_LOGPROBS;
    }

    @Override
    public boolean aggregateFromStream() {
      return true;
    }

    @Override
    public InferCall encode(Generation generation) {
      asked = Boolean.TRUE.equals(generation.value(RequestField.LOGPROBS));
      return InferCall.of(
          Rpc.MODEL_STREAM_INFER,
          InferRequest.of("m", "", List.of(Tensor.text("prompt", generation.prompt()))));
    }

    @Override
    public GenerationDelta decode(InferResponse response) {
      Tensor token = response.outputs().get(0);
      var logprob =
          new ChatCompletionTokenLogprob(
              token.texts().get(0), -0.5, List.of(new TopLogprob("e", -1.5)));
      List<Tensor> outputs = response.outputs();
      ByteBuffer text = outputs.get(outputs.size() - 1).bytes(0);
      return new GenerationDelta(text, null, null, null, asked ? List.of(logprob) : null);
    }
  }
}
