package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.Prompt;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.testing.FakeBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a service is told to take holds for every way into it, and nothing over it is sent. */
final class InputLimitsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String MESSAGE = "{'role':'user','content':'Hi'}";
  private static final String TOOL = "{'type':'function','function':{'name':'f'}}";
  private static final String FUNCTION = "{'name':'f'}";

  private final FakeBackend backend = FakeBackend.tokens("a");

  static Stream<Arguments> fields() {
    return Stream.of(
        limit(b -> b.messages(2), CHAT, "{'messages':[%s]}", list(MESSAGE, 2), list(MESSAGE, 3))
            .of("messages", "array_above_max_length", "2"),
        limit(b -> b.tools(2), CHAT, chat("'tools':[%s]"), list(TOOL, 2), list(TOOL, 3))
            .of("tools", "array_above_max_length", "2"),
        limit(b -> b.tools(2), CHAT, chat("'functions':[%s]"), list(FUNCTION, 2), list(FUNCTION, 3))
            .of("functions", "array_above_max_length", "2"),
        limit(b -> b.tools(130), CHAT, chat("'tools':[%s]"), list(TOOL, 130), list(TOOL, 131))
            .of("tools", "array_above_max_length", "130"),
        limit(b -> b.stops(1), CHAT, chat("'stop':[%s]"), list("'x'", 1), list("'x'", 2))
            .of("stop", "array_above_max_length", "1"),
        limit(
                b -> b.stops(2),
                COMPLETIONS,
                "{'prompt':'p','stop':[%s]}",
                list("'x'", 2),
                list("'x'", 3))
            .of("stop", "array_above_max_length", "2"),
        limit(b -> b.choices(2), CHAT, chat("'n':%s"), "2", "3")
            .of("n", "integer_above_max_value", "2"),
        limit(b -> b.choices(3), COMPLETIONS, "{'prompt':'p','n':%s}", "3", "4")
            .of("n", "integer_above_max_value", "3"),
        limit(
                b -> b.choices(2).allChoices(5),
                COMPLETIONS,
                "{'n':2,'prompt':[%s]}",
                list("'p'", 2),
                list("'p'", 3))
            .of("prompt", "array_above_max_length", "5"),
        limit(b -> b.prompts(3), COMPLETIONS, "{'prompt':[%s]}", list("'p'", 3), list("'p'", 4))
            .of("prompt", "array_above_max_length", "3"),
        limit(b -> b.inputs(2), EMBEDDINGS, "{'input':[%s]}", list("'i'", 2), list("'i'", 3))
            .of("input", "array_above_max_length", "2"),
        limit(
                b -> b.string(9),
                CHAT,
                "{'messages':[{'role':'user','content':'%s'}]}",
                "123456789",
                "1234567890")
            .of("messages[0].content", "string_above_max_length", "9 characters"),
        limit(b -> b.stopLength(3), CHAT, chat("'stop':['x',%s]"), "'abc'", "'abcd'")
            .of("stop[1]", "string_above_max_length", "3"),
        limit(b -> b.stopLength(3), COMPLETIONS, "{'prompt':'p','stop':%s}", "'abc'", "'abcd'")
            .of("stop[0]", "string_above_max_length", "3"),
        limit(b -> b.logitBias(1), CHAT, chat("'logit_bias':{%s}"), "'1':1", "'1':1,'2':1")
            .of("logit_bias", "object_above_max_properties", "1"),
        limit(
                b -> b.logitBias(1),
                COMPLETIONS,
                "{'prompt':'p','logit_bias':{%s}}",
                "'1':1",
                "'1':1,'2':1")
            .of("logit_bias", "object_above_max_properties", "1"),
        limit(b -> b, CHAT, chat("'logit_bias':{%s}"), biases(1024), biases(1025))
            .of("logit_bias", "object_above_max_properties", "1024"),
        limit(b -> b, CHAT, chat("'stop':'%s'"), "x".repeat(1000), "x".repeat(1001))
            .of("stop[0]", "string_above_max_length", "1000"),
        limit(b -> b.metadata(1), CHAT, chat("'metadata':{%s}"), "'a':'x'", "'a':'x','b':'y'")
            .of("metadata", "object_above_max_properties", "1"),
        limit(b -> b.digits(3), CHAT, chat("'seed':%s"), "123", "1234")
            .of("seed", "number_above_max_length", "more than 3 characters"),
        limit(b -> b.depth(4), CHAT, chat("'prediction':{'a':%s}"), "{'b':{}}", "{'b':{'c':{}}}")
            .of("prediction.a.b.c", "nesting_above_max_depth", "4 levels"));
  }

  private static String biases(int count) {
    return IntStream.range(0, count)
        .mapToObj(token -> "'" + token + "':1")
        .collect(Collectors.joining(","));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void valuesAboveALimitAreA400ThatNamesFieldAndLimit(
      UnaryOperator<RequestLimits.Builder> limits,
      String path,
      String within,
      String over,
      String param,
      String code,
      String limit) {
    OpenAiKServe openai = service(limits);

    ApiResponse taken = post(openai, path, Map.of(), within);
    int before = backend.calls().size();
    ApiResponse refused = post(openai, path, Map.of(), over);

    // The fake has no embeddings to give; what counts is that it was asked for them.
    assertThat(taken.status()).isEqualTo(path.equals(EMBEDDINGS) ? 502 : 200);
    assertThat(before).isPositive();
    assertThat(refused.status()).isEqualTo(400);
    JsonNode error = json(refused).get("error");
    assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.get("param").asText()).isEqualTo(param);
    assertThat(error.get("code").asText()).isEqualTo(code);
    assertThat(error.get("message").asText()).contains("'" + param + "'").contains(limit);
    assertThat(backend.calls()).hasSize(before);
  }

  @Test
  void aBodyOfTooManyValuesIsRefusedBeforeItIsHeldInMemory() {
    OpenAiKServe openai = service(b -> b.nodes(10).numbers(3));
    // an object, an array, an object and two strings are five
    String body = "{'messages':[" + MESSAGE + "],'x':%s}";

    assertThat(post(openai, CHAT, Map.of(), body.formatted("[{},'a',true,[]]")).status())
        .isEqualTo(200);
    assertThat(post(openai, CHAT, Map.of(), body.formatted("[1,2,3]")).status()).isEqualTo(200);
    for (String over : List.of("[{},'a',true,[],null]", "{'a':{'b':{'c':{'d':[{}]}}}}")) {
      JsonNode error = json(post(openai, CHAT, Map.of(), body.formatted(over))).get("error");

      assertThat(error.get("code").asText()).isEqualTo("json_above_max_size");
      assertThat(error.get("message").asText()).contains("more than 10 objects, arrays and values");
    }
    ApiResponse numbers = post(openai, CHAT, Map.of(), body.formatted("[1,2,3.5,4]"));
    assertThat(numbers.status()).isEqualTo(400);
    assertThat(json(numbers).get("error").get("message").asText()).contains("more than 3 numbers");
    assertThat(backend.calls()).hasSize(2);
  }

  @Test
  void requestSizesAreBoundedByDefault() {
    OpenAiKServe openai = service(b -> b);
    String body = "{'messages':[" + MESSAGE + "],'x':[%s]}";

    assertThat(post(openai, CHAT, Map.of(), body.formatted(list("{}", 99_000))).status())
        .isEqualTo(200);
    assertThat(post(openai, CHAT, Map.of(), body.formatted(list("{}", 100_000))).status())
        .isEqualTo(400);
    assertThat(post(openai, CHAT, Map.of(), body.formatted(list("1", 1_000_000))).status())
        .isEqualTo(200);
    assertThat(
            refusal(
                    () ->
                        openai
                            .chatCompletions()
                            .create(r -> r.user("a").stop(List.of("s".repeat(1001)))))
                .param())
        .isEqualTo("stop[0]");
  }

  @Test
  void aBodyOverTheLimitIs413() {
    String body = "{'messages':[" + MESSAGE + "]}";
    OpenAiKServe openai = service(b -> b.body(body.length()));

    assertThat(post(openai, CHAT, Map.of(), body).status()).isEqualTo(200);
    ApiResponse refused = post(openai, CHAT, Map.of(), body + " ");

    assertThat(refused.status()).isEqualTo(413);
    JsonNode error = json(refused).get("error");
    assertThat(error.get("code").asText()).isEqualTo("request_too_large");
    assertThat(error.get("message").asText()).contains(body.length() + " bytes");
    assertThat(backend.calls()).hasSize(1);
  }

  @Test
  void headersOverTheLimitAre431() {
    String body = "{'messages':[" + MESSAGE + "]}";
    OpenAiKServe openai = service(b -> b.headers(20));

    Map<String, List<String>> within = Map.of("abcd", List.of("123456", "123456"));
    Map<String, List<String>> over = Map.of("abcd", List.of("123456", "1234567"));
    assertThat(post(openai, CHAT, within, body).status()).isEqualTo(200);
    ApiResponse refused = post(openai, CHAT, over, body);

    assertThat(refused.status()).isEqualTo(431);
    assertThat(refused.headers()).containsKey("x-request-id");
    JsonNode error = json(refused).get("error");
    assertThat(error.get("code").asText()).isEqualTo("headers_too_large");
    assertThat(error.get("message").asText()).contains("20 bytes");
    assertThat(backend.calls()).hasSize(1);
  }

  @Test
  void forwardedHeadersAboveTheServersLimitAre431() {
    String body = "{'messages':[" + MESSAGE + "]}";
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .forwardHeaders("x-a", "x-b", "x-c")
            .model("m", Dialects.ANYSERVE)
            .build();
    Map<String, List<String>> within =
        Map.of(
            "x-a", List.of("a".repeat(2354)),
            "x-b", List.of("b".repeat(2354)),
            "x-c", List.of("c".repeat(2355)),
            "x-other", List.of("d".repeat(2000)));
    Map<String, List<String>> over = new HashMap<>(within);
    over.put("x-c", List.of("c".repeat(2356)));

    assertThat(post(openai, CHAT, within, body).status()).isEqualTo(200);
    assertThat(backend.calls()).hasSize(1);
    ApiResponse refused = post(openai, CHAT, over, body);

    assertThat(refused.status()).isEqualTo(431);
    JsonNode error = json(refused).get("error");
    assertThat(error.get("code").asText()).isEqualTo("headers_too_large");
    assertThat(error.get("message").asText())
        .contains("'forward_headers': x-a, x-b, x-c", "7169 bytes", "at most 7168");
    assertThat(backend.calls()).hasSize(1);
  }

  @Test
  void aJavaCallersHeadersAreBoundedToo() {
    RequestOptions.Builder options =
        RequestOptions.builder().header("x-a", "a".repeat(3549)).header("x-b", "b".repeat(3549));
    assertThat(options.build().headers()).hasSize(2);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.header("x-b", "b".repeat(3550)).build())
        .withMessage("the headers for the model server have 7169 bytes; expected at most 7168");
  }

  @Test
  void javaCallersAreHeldToThemToo() {
    OpenAiKServe openai = service(b -> b.messages(1).tools(1).prompts(1).inputs(1));
    var tool = new ChatCompletionTool("function", Map.of("name", "f"));

    assertThat(refusal(() -> openai.chatCompletions().create(r -> r.user("a").user("b"))).param())
        .isEqualTo("messages");
    assertThat(
            refusal(
                    () ->
                        openai.chatCompletions().stream(
                            r -> r.user("a").tools(List.of(tool, tool))))
                .param())
        .isEqualTo("tools");
    assertThat(
            refusal(
                    () ->
                        openai
                            .completions()
                            .create(r -> r.prompt(new Prompt.Texts(List.of("a", "b")))))
                .param())
        .isEqualTo("prompt");
    assertThat(refusal(() -> openai.embeddings().create(r -> r.input("a", "b"))).param())
        .isEqualTo("input");
    assertThat(backend.calls()).isEmpty();
  }

  static Stream<Arguments> nonsense() {
    return Stream.of(
        nonsense("body", b -> b.body(0)),
        nonsense("headers", b -> b.headers(0)),
        nonsense("depth", b -> b.depth(2)),
        nonsense("depth", b -> b.depth(1001)),
        nonsense("digits", b -> b.digits(0)),
        nonsense("digits", b -> b.digits(1001)),
        nonsense("string", b -> b.string(-1)),
        nonsense("nodes", b -> b.nodes(7)),
        nonsense("numbers", b -> b.numbers(0)),
        nonsense("metadata", b -> b.metadata(0)),
        nonsense("logit_bias", b -> b.logitBias(0)),
        nonsense("stop_length", b -> b.stopLength(0)),
        nonsense("generated_text", b -> b.generatedText(0)),
        nonsense("messages", b -> b.messages(0)),
        nonsense("messages", b -> b.messages(2049)),
        nonsense("prompts", b -> b.prompts(2049)),
        nonsense("tools", b -> b.tools(0)),
        nonsense("tools", b -> b.tools(4097)),
        nonsense("stops", b -> b.stops(5)),
        nonsense("choices", b -> b.choices(129)),
        nonsense("all_choices", b -> b.choices(8).allChoices(7)),
        nonsense("all_choices", b -> b.allChoices(262_145)),
        nonsense("inputs", b -> b.inputs(2049)));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void implausibleNumbersAreNotTakenAsLimits(
      String name, UnaryOperator<RequestLimits.Builder> limits) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits.apply(RequestLimits.builder()).build())
        .withMessageStartingWith("limit '" + name + "' must be ");
  }

  @Test
  void oneLimitIsChangedAndTheOthersStay() {
    RequestLimits limits =
        RequestLimits.builder()
            .body(1)
            .headers(2)
            .depth(3)
            .digits(4)
            .string(5)
            .messages(6)
            .prompts(7)
            .tools(8)
            .stops(1)
            .choices(10)
            .allChoices(11)
            .inputs(12)
            .nodes(13)
            .numbers(14)
            .metadata(15)
            .logitBias(16)
            .stopLength(17)
            .generatedText(18)
            .build();

    assertThat(limits.toBuilder().build()).isEqualTo(limits);
    assertThat(limits.toBuilder().tools(9).build().tools()).isEqualTo(9);
    assertThat(limits.toBuilder().tools(9).build()).isNotEqualTo(limits);
    assertThat(limits).hasToString(limits.toBuilder().build().toString());
    assertThat(
            List.of(
                limits.nodes(),
                limits.numbers(),
                limits.metadata(),
                limits.logitBias(),
                limits.stopLength(),
                limits.generatedText()))
        .containsExactly(13, 14, 15, 16, 17, 18);
  }

  private static Arguments nonsense(String name, UnaryOperator<RequestLimits.Builder> limits) {
    return arguments(name, limits);
  }

  /** A limit, and a body with what is just within it and what is just over it. */
  private record Case(
      UnaryOperator<RequestLimits.Builder> limits, String path, String within, String over) {
    Arguments of(String param, String code, String limit) {
      return arguments(limits, path, within, over, param, code, limit);
    }
  }

  private static Case limit(
      UnaryOperator<RequestLimits.Builder> limits,
      String path,
      String body,
      String within,
      String over) {
    return new Case(limits, path, body.replace("%s", within), body.replace("%s", over));
  }

  private static String list(String element, int times) {
    return String.join(",", Collections.nCopies(times, element));
  }

  private static String chat(String field) {
    return "{'messages':[" + MESSAGE + "]," + field + "}";
  }

  private OpenAiKServe service(UnaryOperator<RequestLimits.Builder> limits) {
    return OpenAiKServe.builder(backend)
        .requestLimits(limits.apply(RequestLimits.builder()).build())
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .chatTemplate(ChatTemplates.QWEN25)
                    .embeddingDialect(Dialects.ANYSERVE))
        .build();
  }

  private static ApiResponse post(
      OpenAiKServe openai, String path, Map<String, List<String>> headers, String body) {
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return openai.httpHandler().handle(new ApiRequest("POST", path, headers, bytes)).join();
  }

  private static JsonNode json(ApiResponse response) {
    try {
      var bytes = new ByteArrayOutputStream();
      response.body().writeTo(bytes);
      return new ObjectMapper().readTree(bytes.toByteArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static InvalidRequestException refusal(ThrowingCallable call) {
    return catchThrowableOfType(InvalidRequestException.class, call);
  }
}
