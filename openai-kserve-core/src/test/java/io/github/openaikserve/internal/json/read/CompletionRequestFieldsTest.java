package io.github.openaikserve.internal.json.read;

import static io.github.openaikserve.internal.json.read.Json.completion;
import static io.github.openaikserve.internal.json.read.Json.completionWith;
import static io.github.openaikserve.internal.json.read.Json.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.Prompt;
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

class CompletionRequestFieldsTest {
  private static Arguments field(
      String name, String json, Object value, Function<CreateCompletionRequest, ?> accessor) {
    return arguments(name, json, value, accessor);
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        field("model", "'llama'", "llama", CreateCompletionRequest::model),
        field("max_tokens", "0", 0, CreateCompletionRequest::maxTokens),
        field("temperature", "0", 0.0, CreateCompletionRequest::temperature),
        field("top_p", "1", 1.0, CreateCompletionRequest::topP),
        field("n", "128", 128, CreateCompletionRequest::n),
        field("stop", "'.'", List.of("."), CreateCompletionRequest::stop),
        field("stop", "['.', '!']", List.of(".", "!"), CreateCompletionRequest::stop),
        field("stream", "false", false, CreateCompletionRequest::stream),
        field("presence_penalty", "2", 2.0, CreateCompletionRequest::presencePenalty),
        field("frequency_penalty", "0.1", 0.1, CreateCompletionRequest::frequencyPenalty),
        field("logit_bias", "{'1': 2}", Map.of("1", 2.0), CreateCompletionRequest::logitBias),
        field("logprobs", "5", 5, CreateCompletionRequest::logprobs),
        field("seed", "9223372036854775807", Long.MAX_VALUE, CreateCompletionRequest::seed),
        field("echo", "true", true, CreateCompletionRequest::echo),
        field("best_of", "3", 3, CreateCompletionRequest::bestOf),
        field("suffix", "'end'", "end", CreateCompletionRequest::suffix));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void aFieldIsReadAndIsNotUnknown(
      String name,
      String json,
      Object value,
      Function<CreateCompletionRequest, @Nullable Object> accessor) {
    var request = completionWith("'%s': %s".formatted(name, json));

    assertThat(accessor.apply(request)).isEqualTo(value);
    assertThat(request.extra()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("fields")
  void anExplicitNullIsAbsence(
      String name,
      String json,
      Object value,
      Function<CreateCompletionRequest, @Nullable Object> accessor) {
    var request = completionWith("'%s': null".formatted(name));

    assertThat(accessor.apply(request)).isNull();
    assertThat(request).isEqualTo(completion("{'prompt': 'once'}"));
  }

  @Test
  void everythingButThePromptMayBeAbsent() {
    assertThat(completion("{'prompt': 'once'}"))
        .isEqualTo(CreateCompletionRequest.builder().prompt("once").build());
  }

  @Test
  void streamOptionsComeWithAStream() {
    var request = completionWith("'stream': true, 'stream_options': {'include_usage': false}");

    assertThat(request.streamOptions()).isEqualTo(new StreamOptions(false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "model             | 5     | a string   | an integer",
        "max_tokens        | '1'   | an integer | a string",
        "temperature       | true  | a decimal  | a boolean",
        "top_p             | '1'   | a decimal  | a string",
        "n                 | 1.5   | an integer | a decimal",
        "stop              | true  | one of a string or array of strings | a boolean",
        "stream            | 'yes' | a boolean  | a string",
        "stream_options    | []    | an object  | an array",
        "presence_penalty  | {}    | a decimal  | an object",
        "frequency_penalty | []    | a decimal  | an array",
        "logit_bias        | 'x'   | an object  | a string",
        "logprobs          | true  | an integer | a boolean",
        "seed              | 0.5   | an integer | a decimal",
        "echo              | 'no'  | a boolean  | a string",
        "best_of           | '3'   | an integer | a string",
        "suffix            | 5     | a string   | an integer",
        "user              | 5     | a string   | an integer",
        "prompt            | 5     | one of a string, array of strings, array of integers, or array"
            + " of integer arrays | an integer",
        "prompt            | {}    | one of a string, array of strings, array of integers, or array"
            + " of integer arrays | an object"
      })
  void aWrongTypeIsRefused(String name, String json, String expected, String got) {
    var refusal = refusalOf(() -> completionWith("'%s': %s".formatted(name, json)));

    assertThat(refusal.code()).isEqualTo("invalid_type");
    assertThat(refusal.param()).isEqualTo(name);
    assertThat(refusal)
        .hasMessage(
            "Invalid type for '%s': expected %s, but got %s instead."
                .formatted(name, expected, got));
  }

  static Stream<Arguments> prompts() {
    return Stream.of(
        arguments("'once'", new Prompt.Texts(List.of("once"))),
        arguments("''", new Prompt.Texts(List.of(""))),
        arguments("['a', '']", new Prompt.Texts(List.of("a", ""))),
        arguments("[1, 2]", new Prompt.Tokens(List.of(List.of(1, 2)))),
        arguments("[1.0]", new Prompt.Tokens(List.of(List.of(1)))),
        arguments("[[1], [2, 3]]", new Prompt.Tokens(List.of(List.of(1), List.of(2, 3)))));
  }

  @ParameterizedTest
  @MethodSource("prompts")
  void aPromptIsOneOfFourKinds(String json, Prompt prompt) {
    assertThat(completion("{'prompt': %s}".formatted(json)).prompt()).isEqualTo(prompt);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "['a', 5]        | prompt[1]    | a string | an integer",
        "['a', [1]]      | prompt[1]    | a string | an array",
        "['a', null]     | prompt[1]    | a string | null",
        "[1, 'a']        | prompt[1]    | an integer | a string",
        "[1, 2.5]        | prompt[1]    | an integer | a decimal",
        "[1, [2]]        | prompt[1]    | an integer | an array",
        "[[1], 2]        | prompt[1]    | an array of integers | an integer",
        "[[1], ['a']]    | prompt[1][0] | an integer | a string",
        "[[1, [2]]]      | prompt[0][1] | an integer | an array",
        "[true]          | prompt[0]    | one of a string, integer, or array of integers | a"
            + " boolean",
        "[null]          | prompt[0]    | one of a string, integer, or array of integers | null"
      })
  void aMixedPromptIsRefused(String json, String path, String expected, String got) {
    var refusal = refusalOf(() -> completion("{'prompt': %s}".formatted(json)));

    assertThat(refusal.code()).isEqualTo("invalid_type");
    assertThat(refusal.param()).isEqualTo(path);
    assertThat(refusal)
        .hasMessage(
            "Invalid type for '%s': expected %s, but got %s instead."
                .formatted(path, expected, got));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[] | prompt", "[[]] | prompt[0]", "[[1], []] | prompt[1]"})
  void anEmptyPromptIsRefused(String json, String path) {
    var refusal = refusalOf(() -> completion("{'prompt': %s}".formatted(json)));

    assertThat(refusal.code()).isEqualTo("empty_array");
    assertThat(refusal.param()).isEqualTo(path);
  }

  @Test
  void aTokenIdOutsideOfIntIsRejected() {
    var refusal = refusalOf(() -> completion("{'prompt': [[1, 2147483648]]}"));

    assertThat(refusal.code()).isEqualTo("integer_above_max_value");
    assertThat(refusal.param()).isEqualTo("prompt[0][1]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{}", "{'prompt': null}"})
  void aPromptIsRequired(String json) {
    var refusal = refusalOf(() -> completion(json));

    assertThat(refusal.code()).isEqualTo("missing_required_parameter");
    assertThat(refusal.param()).isEqualTo("prompt");
    assertThat(refusal).hasMessage("Missing required parameter: 'prompt'.");
  }
}
