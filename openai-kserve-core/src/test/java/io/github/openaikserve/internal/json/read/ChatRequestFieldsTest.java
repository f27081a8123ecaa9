package io.github.openaikserve.internal.json.read;

import static io.github.openaikserve.internal.json.read.Json.chat;
import static io.github.openaikserve.internal.json.read.Json.chatWith;
import static io.github.openaikserve.internal.json.read.Json.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.openaikserve.internal.json.JsonLimits;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.StreamOptions;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestFieldsTest {
  private static Arguments field(
      String name, String json, Object value, Function<CreateChatCompletionRequest, ?> accessor) {
    return arguments(name, json, value, accessor);
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        field("model", "'llama'", "llama", CreateChatCompletionRequest::model),
        field("max_tokens", "64", 64, CreateChatCompletionRequest::maxTokens),
        field("max_completion_tokens", "65", 65, CreateChatCompletionRequest::maxCompletionTokens),
        field("temperature", "0.7", 0.7, CreateChatCompletionRequest::temperature),
        field("temperature", "1", 1.0, CreateChatCompletionRequest::temperature),
        field("top_p", "0.9", 0.9, CreateChatCompletionRequest::topP),
        field("n", "2", 2, CreateChatCompletionRequest::n),
        field("stop", "'END'", List.of("END"), CreateChatCompletionRequest::stop),
        field("stop", "['a', 'b']", List.of("a", "b"), CreateChatCompletionRequest::stop),
        field("stream", "true", true, CreateChatCompletionRequest::stream),
        field("presence_penalty", "-2", -2.0, CreateChatCompletionRequest::presencePenalty),
        field("frequency_penalty", "1.5", 1.5, CreateChatCompletionRequest::frequencyPenalty),
        field(
            "logit_bias",
            "{'50256': -100, '7': 0.5}",
            Map.of("50256", -100.0, "7", 0.5),
            CreateChatCompletionRequest::logitBias),
        field("logprobs", "false", false, CreateChatCompletionRequest::logprobs),
        field("seed", "-9223372036854775808", Long.MIN_VALUE, CreateChatCompletionRequest::seed),
        field(
            "response_format",
            "{'type': 'json_object'}",
            Map.of("type", "json_object"),
            CreateChatCompletionRequest::responseFormat),
        field("tool_choice", "'none'", "none", CreateChatCompletionRequest::toolChoice),
        field("parallel_tool_calls", "true", true, CreateChatCompletionRequest::parallelToolCalls),
        field("reasoning_effort", "'low'", "low", CreateChatCompletionRequest::reasoningEffort));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void aFieldIsReadAndIsNotUnknown(
      String name,
      String json,
      Object value,
      Function<CreateChatCompletionRequest, @Nullable Object> accessor) {
    var request = chatWith("'%s': %s".formatted(name, json));

    assertThat(accessor.apply(request)).isEqualTo(value);
    assertThat(request.extra()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("fields")
  void anExplicitNullIsAbsence(
      String name,
      String json,
      Object value,
      Function<CreateChatCompletionRequest, @Nullable Object> accessor) {
    var request = chatWith("'%s': null".formatted(name));

    assertThat(accessor.apply(request)).isNull();
    assertThat(request).isEqualTo(chatWith("'stream': null"));
  }

  @Test
  void everythingButMessagesMayBeAbsent() {
    var request = chat("{'messages': [{'role': 'user', 'content': 'hi'}]}");

    assertThat(request).isEqualTo(CreateChatCompletionRequest.builder().user("hi").build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "model             | 5      | a string  | an integer",
        "model             | ['x']  | a string  | an array",
        "max_tokens        | '5'    | an integer | a string",
        "max_tokens        | 5.5    | an integer | a decimal",
        "max_tokens        | 1e-5   | an integer | a decimal",
        "max_tokens        | 1e999999999 | an integer | a decimal",
        "max_tokens        | true   | an integer | a boolean",
        "max_completion_tokens | {} | an integer | an object",
        "temperature       | '0.7'  | a decimal | a string",
        "top_p             | []     | a decimal | an array",
        "n                 | false  | an integer | a boolean",
        "stop              | 5      | one of a string or array of strings | an integer",
        "stop              | {}     | one of a string or array of strings | an object",
        "stream            | 'true' | a boolean | a string",
        "stream            | 1      | a boolean | an integer",
        "stream_options    | true   | an object | a boolean",
        "presence_penalty  | '1'    | a decimal | a string",
        "frequency_penalty | true   | a decimal | a boolean",
        "logit_bias        | []     | an object | an array",
        "logprobs          | 5      | a boolean | an integer",
        "top_logprobs      | true   | an integer | a boolean",
        "seed              | 'x'    | an integer | a string",
        "response_format   | 'json' | an object | a string",
        "tools             | {}     | an array of objects | an object",
        "functions         | 'f'    | an array of objects | a string",
        "tool_choice       | 5      | one of a string or object | an integer",
        "function_call     | []     | one of a string or object | an array",
        "parallel_tool_calls | 'no' | a boolean | a string",
        "reasoning_effort  | 5      | a string  | an integer",
        "user              | 5      | a string  | an integer",
        "metadata          | 'x'    | an object | a string",
        "store             | 'true' | a boolean | a string",
        "modalities        | 'text' | an array  | a string",
        "service_tier      | {}     | a string  | an object",
        "safety_identifier | 1.5    | a string  | a decimal",
        "prompt_cache_key  | true   | a string  | a boolean",
        "verbosity         | 5      | a string  | an integer",
        "prediction        | []     | an object | an array",
        "web_search_options | 'on'  | an object | a string",
        "messages          | 'hi'   | an array of objects | a string",
        "messages          | {}     | an array of objects | an object"
      })
  void aWrongTypeIsRefused(String name, String json, String expected, String got) {
    var refusal = refusalOf(() -> chatWith("'%s': %s".formatted(name, json)));

    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.type()).isEqualTo("invalid_request_error");
    assertThat(refusal.code()).isEqualTo("invalid_type");
    assertThat(refusal.param()).isEqualTo(name);
    assertThat(refusal)
        .hasMessage(
            "Invalid type for '%s': expected %s, but got %s instead."
                .formatted(name, expected, got));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "stop[1]                     | 'stop': ['a', 5]",
        "stop[0]                     | 'stop': [null]",
        "logit_bias.7                | 'logit_bias': {'7': 'x'}",
        "stream_options.include_usage | 'stream': true, 'stream_options': {'include_usage': 1}",
        "response_format.type        | 'response_format': {'type': 5}",
        "tools[0]                    | 'tools': ['f']",
        "tools[0].type               | 'tools': [{'type': 5}]",
        "tools[0].function           | 'tools': [{'type': 'function', 'function': 'f'}]",
        "tools[0].function.name      | 'tools': [{'type': 'function', 'function': {'name': 5}}]",
        "functions[0].name           | 'functions': [{'name': []}]",
        "tool_choice.type            | 'tool_choice': {'type': 5}",
        "prompt_cache_options.mode   | 'prompt_cache_options': {'mode': 5}"
      })
  void aWrongTypeInsideAFieldIsNamedByItsPath(String path, String fields) {
    var refusal = refusalOf(() -> chatWith(fields));

    assertThat(refusal.code()).isEqualTo("invalid_type");
    assertThat(refusal.param()).isEqualTo(path);
    assertThat(refusal).hasMessageStartingWith("Invalid type for '%s': ".formatted(path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "messages               | {}",
        "messages               | {'messages': null}",
        "response_format.type   | {'messages': [], 'response_format': {}}",
        "tools[0].type          | {'messages': [], 'tools': [{}]}",
        "tools[1].custom        | {'messages': [], 'tools': [{'type': 'function', 'function':"
            + " {'name': 'f'}}, {'type': 'custom'}]}",
        "tools[0].function.name | {'messages': [], 'tools': [{'type': 'function', 'function':"
            + " {}}]}",
        "functions[0].name      | {'messages': [], 'functions': [{}]}",
        "tool_choice.type       | {'messages': [], 'tool_choice': {}}",
        "function_call.name     | {'messages': [], 'function_call': {}}"
      })
  void aMissingRequiredFieldIsReported(String path, String json) {
    var refusal = refusalOf(() -> chat(json));

    assertThat(refusal.code()).isEqualTo("missing_required_parameter");
    assertThat(refusal.param()).isEqualTo(path);
    assertThat(refusal).hasMessage("Missing required parameter: '%s'.".formatted(path));
  }

  @Test
  void noMessagesAreAnEmptyArray() {
    var refusal = refusalOf(() -> chat("{'messages': []}"));

    assertThat(refusal.code()).isEqualTo("empty_array");
    assertThat(refusal.param()).isEqualTo("messages");
  }

  @Test
  void anIntegerMayHaveAZeroBehindThePoint() {
    var request = chatWith("'max_tokens': 5.0, 'seed': 12e2");

    assertThat(request.maxTokens()).isEqualTo(5);
    assertThat(request.seed()).isEqualTo(1200L);
  }

  @ParameterizedTest
  @CsvSource({
    "max_tokens, 2147483648, above, integer_above_max_value, <= 2147483647",
    "max_tokens, 99999999999999999999999, above, integer_above_max_value, <= 2147483647",
    "n, -2147483649, below, integer_below_min_value, >= -2147483648",
    "seed, 9223372036854775808, above, integer_above_max_value, <= 9223372036854775807",
    "seed, 1e20, above, integer_above_max_value, <= 9223372036854775807",
    "seed, -9223372036854775809, below, integer_below_min_value, >= -9223372036854775808",
  })
  void anIntegerThatDoesNotFitIsRefused(
      String name, String json, String where, String code, String expected) {
    var refusal = refusalOf(() -> chatWith("'%s': %s".formatted(name, json)));

    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.param()).isEqualTo(name);
    assertThat(refusal)
        .hasMessage(
            "Invalid '%s': integer %s %s value. Expected a value %s."
                .formatted(name, where, where.equals("above") ? "maximum" : "minimum", expected));
  }

  @Test
  void aDecimalMayBeBeyondADouble() {
    var refusal = refusalOf(() -> chatWith("'temperature': 1e400"));

    assertThat(refusal.code()).isEqualTo("decimal_above_max_value");
    assertThat(refusal.param()).isEqualTo("temperature");
  }

  @Test
  void theRecordsOwnChecksKeepTheirParam() {
    var refusal = refusalOf(() -> chatWith("'temperature': 2.5"));

    assertThat(refusal.code()).isEqualTo("decimal_above_max_value");
    assertThat(refusal.param()).isEqualTo("temperature");
  }

  @Test
  void topLogprobsComeWithLogprobs() {
    var request = chatWith("'logprobs': true, 'top_logprobs': 3");

    assertThat(request.topLogprobs()).isEqualTo(3);
    assertThat(request.logprobs()).isTrue();
  }

  @Test
  void streamOptionsKeepOnlyTheRequestedParts() {
    var request =
        chatWith(
            "'stream': true, 'stream_options': {'include_usage': true, 'include_obfuscation':"
                + " false}");

    assertThat(request.streamOptions()).isEqualTo(new StreamOptions(true));
    assertThat(request.extra()).isEmpty();
  }

  @Test
  void streamOptionsMayBeEmpty() {
    var request = chatWith("'stream': true, 'stream_options': {}");

    assertThat(request.streamOptions()).isEqualTo(new StreamOptions(null));
  }

  @Test
  void aNullLogitBiasEqualsAnAbsentOne() {
    assertThat(chatWith("'logit_bias': {'1': null, '2': 3}").logitBias())
        .isEqualTo(Map.of("2", 3.0));
  }

  @Test
  void aTokenInAPathIsCutAndPrintable() {
    var refusal = refusalOf(() -> chatWith("'logit_bias': {'\\n" + "7".repeat(99) + "': 'x'}"));

    assertThat(refusal.param()).isEqualTo("logit_bias.\\u000a" + "7".repeat(63) + "...");
  }

  @Test
  void aResponseFormatIsKeptWhole() {
    var request =
        chatWith(
            "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'n', 'schema':"
                + " {'type': 'object'}}}");

    assertThat(request.responseFormat())
        .isEqualTo(
            Map.of(
                "type",
                "json_schema",
                "json_schema",
                Map.of("name", "n", "schema", Map.of("type", "object"))));
  }

  @Test
  void toolsAreReadWithTheirDefinitions() {
    var request =
        chatWith(
            "'tools': [{'type': 'function', 'function': {'name': 'f', 'parameters': {'type':"
                + " 'object'}}}, {'type': 'custom', 'custom': {'name': 'c'}}]");

    assertThat(request.tools())
        .containsExactly(
            new ChatCompletionTool(
                "function", Map.of("name", "f", "parameters", Map.of("type", "object"))),
            new ChatCompletionTool("custom", Map.of("name", "c")));
  }

  @Test
  void anUnknownToolTypeIsRefused() {
    var refusal = refusalOf(() -> chatWith("'tools': [{'type': 'web'}]"));

    assertThat(refusal.code()).isEqualTo("invalid_value");
    assertThat(refusal.param()).isEqualTo("tools[0].type");
    assertThat(refusal)
        .hasMessage("Invalid value: 'web'. Supported values are: 'function' and 'custom'.");
  }

  @Test
  void legacyFunctionsAreTools() {
    var request = chatWith("'functions': [{'name': 'f', 'description': 'd'}]");

    assertThat(request.tools())
        .containsExactly(
            new ChatCompletionTool("function", Map.of("name", "f", "description", "d")));
    assertThat(request.extra()).isEmpty();
  }

  @Test
  void aBodyTellsWhetherItHasFunctions() {
    assertThat(legacyFunctions("'functions': [{'name': 'f'}]")).isTrue();
    assertThat(legacyFunctions("'functions': [{'name': 'f'}], 'tools': []")).isFalse();
    assertThat(legacyFunctions("'functions': null")).isFalse();
    assertThat(legacyFunctions("'n': 1")).isFalse();
  }

  private static boolean legacyFunctions(String fields) {
    byte[] body =
        Json.bytes("{'messages': [{'role': 'user', 'content': 'hi'}], %s}".formatted(fields));
    return new RequestJson(JsonLimits.DEFAULT).chat(body).legacyFunctions();
  }

  @Test
  void toolsWinOverFunctions() {
    var request = chatWith("'functions': [{'name': 'old'}], 'tools': []");

    assertThat(request.tools()).isEmpty();
    assertThat(request.extra()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "auto", "required"})
  void aToolChoiceMayBeAWord(String word) {
    assertThat(chatWith("'tool_choice': '%s'".formatted(word)).toolChoice()).isEqualTo(word);
  }

  @Test
  void aToolChoiceMayBeAnObject() {
    var request = chatWith("'tool_choice': {'type': 'function', 'function': {'name': 'f'}}");

    assertThat(request.toolChoice())
        .isEqualTo(Map.of("type", "function", "function", Map.of("name", "f")));
  }

  @Test
  void anUnknownToolChoiceValueIsRejected() {
    var refusal = refusalOf(() -> chatWith("'tool_choice': 'any'"));

    assertThat(refusal.code()).isEqualTo("invalid_value");
    assertThat(refusal.param()).isEqualTo("tool_choice");
    assertThat(refusal)
        .hasMessage("Invalid value: 'any'. Supported values are: 'none', 'auto', and 'required'.");
  }

  @Test
  void theLegacyFunctionCallFieldIsAToolChoice() {
    assertThat(chatWith("'function_call': 'auto'").toolChoice()).isEqualTo("auto");
    assertThat(chatWith("'function_call': {'name': 'f'}").toolChoice())
        .isEqualTo(Map.of("type", "function", "function", Map.of("name", "f")));
    assertThat(chatWith("'function_call': 'auto', 'tool_choice': 'none'").toolChoice())
        .isEqualTo("none");
  }

  @Test
  void theLegacyFunctionCallHasNoRequiredMode() {
    var refusal = refusalOf(() -> chatWith("'function_call': 'required'"));

    assertThat(refusal.param()).isEqualTo("function_call");
    assertThat(refusal).hasMessageEndingWith("Supported values are: 'none' and 'auto'.");
  }

  @Test
  void theLastOfTwoEqualKeysWins() {
    assertThat(chatWith("'n': 'x', 'n': 3").n()).isEqualTo(3);
  }
}
