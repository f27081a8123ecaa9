package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.LogCapture;
import io.github.openaikserve.testsupport.Requests;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The extra fields and the seeds of a request, and what callers and operators read of them. */
final class RequestParametersTest {
  @RegisterExtension
  private final LogCapture log = new LogCapture("io.github.openaikserve", Level.INFO);

  private final FakeBackend backend = FakeBackend.tokens("wEND", "x");
  private final OpenAiKServe openai =
      OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

  private static OpenAiKServe sampling(FakeBackend backend) {
    Dialect dialect =
        Dialect.builder("sampling")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .input("max_tokens", Datatype.INT32, RequestField.MAX_TOKENS)
            .input("seed", Datatype.INT32, RequestField.SEED)
            .input("presence_penalty", Datatype.FP32, RequestField.PRESENCE_PENALTY)
            .input("repetition_penalty", Datatype.FP32, RequestField.REPETITION_PENALTY)
            .output("text", ResponseField.TEXT)
            .build();
    return OpenAiKServe.builder(backend).model("m", dialect).build();
  }

  private static FakeBackend texts() {
    return FakeBackend.responses(InferResponse.of(Tensor.text("text", "x")));
  }

  private InferRequest sentWith(String name, Object value) {
    openai.chatCompletions().create(r -> r.user("Hi").extra(name, value));
    return backend.onlyRequest();
  }

  @Test
  void anExtraFieldWithATypedSetterIsSentInTheTypeOfItsTensor() {
    assertThat(sentWith("max_tokens", 5L).input("max_tokens"))
        .contains(Tensor.ints("max_tokens", 5));
  }

  @Test
  void theNewerNameOfTheLimitOfTokensWinsInCompletionsToo() {
    openai.completions().create(r -> r.prompt("p").maxTokens(5).extra("max_completion_tokens", 7));

    assertThat(backend.onlyRequest().input("max_tokens")).contains(Tensor.ints("max_tokens", 7));
  }

  @Test
  void anExtraStopSequenceCutsTheText() {
    ChatCompletion answer = openai.chatCompletions().create(r -> r.user("Hi").extra("stop", "END"));

    assertThat(answer.text()).isEqualTo("w");
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
  }

  static Stream<Arguments> wrongExtras() {
    return Stream.of(
        arguments("max_tokens", "many"),
        arguments("max_tokens", 0),
        arguments("max_tokens", 1L << 31),
        arguments("max_tokens", 1.5),
        arguments("temperature", "warm"),
        arguments("temperature", 2.5),
        arguments("temperature", Double.NaN),
        arguments("top_p", -1),
        arguments("presence_penalty", 3),
        arguments("seed", "7"),
        arguments("stop", 7),
        arguments("stop", List.of()),
        arguments("stop", List.of("a", "b", "c", "d", "e")),
        arguments("logit_bias", Map.of("5", 101)),
        arguments("reasoning_effort", 1),
        arguments("verbosity", List.of()),
        arguments("top_k", Double.POSITIVE_INFINITY),
        arguments("min_p", true),
        arguments("ignore_eos", 1),
        arguments("chat_template_kwargs", "x"),
        arguments("stop_token_ids", 5),
        arguments("response_format", "json"),
        arguments("n", 2),
        arguments("model", "m"),
        arguments("stream", true),
        arguments("tools", List.of()),
        arguments("function_call", "auto"),
        arguments("logprobs", true));
  }

  @ParameterizedTest
  @MethodSource("wrongExtras")
  void anExtraFieldThatCannotBeUsedIsA400ThatNamesIt(String name, Object value) {
    var refusal = catchThrowableOfType(InvalidRequestException.class, () -> sentWith(name, value));

    assertThat(refusal.param()).isEqualTo(name);
    assertThat(refusal).hasMessageContaining("'" + name + "'");
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void aFieldThatIsSetTwiceIsRefused() {
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                openai
                    .chatCompletions()
                    .create(r -> r.user("Hi").temperature(0.5).extra("temperature", 1)));

    assertThat(refusal)
        .hasMessage(
            "Invalid 'temperature': the request sets this field twice, under different names. Set"
                + " it once.");
  }

  @Test
  void functionsOfAJavaCallerAreRefusedAndDoNotChangeTheAnswersForm() {
    var calling = FakeBackend.tokens("<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>");
    for (boolean strict : List.of(true, false)) {
      var builder =
          OpenAiKServe.builder(calling)
              .model(
                  "m",
                  m ->
                      m.dialect(Dialects.ANYSERVE)
                          .chatTemplate(ChatTemplates.QWEN25)
                          .toolCallFormat(ToolCallFormats.HERMES));
      var service = builder.strict(strict).build();
      var tools = List.of(ChatCompletionTool.function("f", null, null));
      var request = CreateChatCompletionRequest.builder().user("Hi").tools(tools);

      assertThat(service.chatCompletions().create(request.build()).choices().get(0).finishReason())
          .isEqualTo(FinishReason.TOOL_CALLS);
      assertThat(
              catchThrowableOfType(
                      InvalidRequestException.class,
                      () -> service.chatCompletions().create(request.extra("functions", 1).build()))
                  .param())
          .isEqualTo("functions");
      assertThat(
              catchThrowableOfType(
                  InvalidRequestException.class,
                  () ->
                      service
                          .chatCompletions()
                          .create(r -> r.user("Hi").extra("functions", List.of()))))
          .hasMessage(
              "Invalid 'functions': not supported as an extra field. Use the request's own field"
                  + " 'tools'.");
    }
  }

  @Test
  void aPenaltyOfZeroIsSentWhereATensorCarriesIt() {
    FakeBackend server = texts();

    sampling(server)
        .chatCompletions()
        .create(r -> r.user("Hi").presencePenalty(0.0).extra("repetition_penalty", 1));

    assertThat(server.onlyRequest().input("presence_penalty"))
        .contains(Tensor.floats("presence_penalty", 0));
    assertThat(server.onlyRequest().input("repetition_penalty"))
        .contains(Tensor.floats("repetition_penalty", 1));
  }

  // Seeds

  @Test
  void theSeedsOfSeveralChoicesStayIn32BitsWhereTheRequestsDoes() {
    FakeBackend server = texts();

    sampling(server).completions().create(r -> r.prompt("p").seed(2147483647L).n(3));

    assertThat(server.calls())
        .extracting(call -> call.request().input("seed").orElseThrow().ints()[0])
        .containsExactlyInAnyOrder(Integer.MAX_VALUE, 0, 1);
  }

  @Test
  void theLargestSeedDoesNotOverflow() {
    FakeBackend server = texts();
    Dialect wide =
        Dialects.generic("prompt", "text").input("seed", Datatype.INT64, RequestField.SEED).build();

    OpenAiKServe.builder(server)
        .model("m", wide)
        .build()
        .completions()
        .create(r -> r.prompt("p").seed(Long.MAX_VALUE).n(2));

    assertThat(server.calls())
        .extracting(call -> call.request().input("seed").orElseThrow().longs()[0])
        .containsExactlyInAnyOrder(Long.MAX_VALUE, 0L);
  }

  @Test
  void aSeedThatItsTensorCannotHoldIsA400ThatNamesTheSeed() {
    FakeBackend server = texts();

    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> sampling(server).completions().create(r -> r.prompt("p").seed(2147483648L)));

    assertThat(refusal.param()).isEqualTo("seed");
    assertThat(refusal).hasMessageContaining("'seed'").hasMessageContaining("INT32");
  }

  @Test
  void droppedFieldsAreLoggedOnceForEachSetOfThem() {
    for (int i = 0; i < 3; i++) {
      openai.completions().create(r -> r.prompt("p").seed(1L));
      openai.completions().create(r -> r.prompt("p").seed(1L).presencePenalty(1.0));
    }

    assertThat(log.messages())
        .containsExactly(
            "unsupported fields ignored model=m fields=[seed]",
            "unsupported fields ignored model=m fields=[presence_penalty, seed]");
  }

  @Test
  void namesFromTheCallerAreTruncatedInMessages() {
    String word = "w".repeat(1 << 20);
    ApiResponse unknown =
        post(
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                .formatted(word));
    var tool = new ChatCompletionTool(word, Map.of("name", "f"));
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.chatCompletions().create(r -> r.user("Hi").tools(List.of(tool))));

    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.body().length()).isLessThan(300);
    assertThat(refusal.getMessage()).contains("'" + "w".repeat(64) + "...'").hasSizeLessThan(300);
    assertThat(InvalidRequestException.shown("a\u0000\n\u202eb"))
        .isEqualTo("a\\u0000\\u000a\\u202eb");
    assertThat(InvalidRequestException.shown("é".repeat(64))).isEqualTo("é".repeat(64));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions | \"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]",
        "/v1/completions      | \"prompt\":\"Hi\"",
        "/v1/embeddings       | \"input\":\"Hi\"",
      })
  void anUnknownModelIsShownWithItsFirst64Characters(String path, String input) {
    for (int length : List.of(64, 65, 1000)) {
      String model = "é".repeat(length);

      ApiResponse response =
          openai
              .httpHandler()
              .answer(Requests.post(path, "{\"model\":\"%s\",%s}".formatted(model, input)));

      assertThat(response.status()).isEqualTo(404);
      assertThat(Bodies.text(response))
          .startsWith(
              "{\"error\":{\"message\":\"The model '%s' does not exist.\",\"type\":"
                  .formatted("é".repeat(64) + (length > 64 ? "..." : "")));
    }
  }

  private ApiResponse post(String body) {
    return openai
        .httpHandler()
        .handle(
            new ApiRequest(
                "POST", "/v1/chat/completions", Map.of(), body.getBytes(StandardCharsets.UTF_8)))
        .join();
  }
}
