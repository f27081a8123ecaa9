package io.github.openaikserve.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.openaikserve.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A request that is out of its limits does not exist. */
class RequestLimitsTest {
  private static final String ABOVE = "above_max_value";
  private static final String BELOW = "below_min_value";

  private static Arguments chat(
      String param,
      @Nullable String code,
      UnaryOperator<CreateChatCompletionRequest.Builder> fields) {
    return arguments(param, code, fields);
  }

  private static Arguments completion(
      String param, @Nullable String code, UnaryOperator<CreateCompletionRequest.Builder> fields) {
    return arguments(param, code, fields);
  }

  static Stream<Arguments> illegalChats() {
    return Stream.of(
        chat("max_tokens", "integer_" + BELOW, r -> r.maxTokens(0)),
        chat("max_completion_tokens", "integer_" + BELOW, r -> r.maxCompletionTokens(0)),
        chat("temperature", "decimal_" + BELOW, r -> r.temperature(-0.1)),
        chat("temperature", "decimal_" + ABOVE, r -> r.temperature(2.1)),
        chat("temperature", "decimal_" + BELOW, r -> r.temperature(Double.NaN)),
        chat("top_p", "decimal_" + ABOVE, r -> r.topP(1.1)),
        chat("top_p", "decimal_" + BELOW, r -> r.topP(-1.0)),
        chat("n", "integer_" + BELOW, r -> r.n(0)),
        chat("n", "integer_" + ABOVE, r -> r.n(129)),
        chat("stop", "empty_array", r -> r.stop(List.of())),
        chat("stop", "array_above_max_length", r -> r.stop(List.of("1", "2", "3", "4", "5"))),
        chat("stop", "empty_string", r -> r.stop(List.of("a", ""))),
        chat("presence_penalty", "decimal_" + ABOVE, r -> r.presencePenalty(2.5)),
        chat("frequency_penalty", "decimal_" + BELOW, r -> r.frequencyPenalty(-2.5)),
        chat("logit_bias", "decimal_" + ABOVE, r -> r.logitBias(Map.of("1", 101.0))),
        chat("top_logprobs", null, r -> r.topLogprobs(3)),
        chat("top_logprobs", null, r -> r.logprobs(false).topLogprobs(3)),
        chat("top_logprobs", "integer_" + ABOVE, r -> r.logprobs(true).topLogprobs(21)));
  }

  @ParameterizedTest
  @MethodSource("illegalChats")
  void aChatOutOfItsLimitsIsRefused(
      String param,
      @Nullable String code,
      UnaryOperator<CreateChatCompletionRequest.Builder> fields) {
    var builder = fields.apply(CreateChatCompletionRequest.builder().user("hi"));

    var refusal = catchThrowableOfType(InvalidRequestException.class, builder::build);

    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageContaining("'" + param + "'");
  }

  static Stream<Arguments> illegalCompletions() {
    return Stream.of(
        completion("max_tokens", "integer_" + BELOW, r -> r.maxTokens(-1)),
        completion("temperature", "decimal_" + ABOVE, r -> r.temperature(3.0)),
        completion("top_p", "decimal_" + BELOW, r -> r.topP(-0.5)),
        completion("n", "integer_" + ABOVE, r -> r.n(129)),
        completion("stop", "empty_string", r -> r.stop(List.of(""))),
        completion("presence_penalty", "decimal_" + BELOW, r -> r.presencePenalty(-3.0)),
        completion("frequency_penalty", "decimal_" + ABOVE, r -> r.frequencyPenalty(3.0)),
        completion("logit_bias", "decimal_" + BELOW, r -> r.logitBias(Map.of("1", -101.0))),
        completion("logprobs", "integer_" + ABOVE, r -> r.logprobs(6)),
        completion("best_of", "integer_" + ABOVE, r -> r.bestOf(21)),
        completion("best_of", null, r -> r.n(3).bestOf(2)));
  }

  @ParameterizedTest
  @MethodSource("illegalCompletions")
  void aCompletionOutOfItsLimitsIsRefused(
      String param, @Nullable String code, UnaryOperator<CreateCompletionRequest.Builder> fields) {
    var builder = fields.apply(CreateCompletionRequest.builder().prompt("once"));

    var refusal = catchThrowableOfType(InvalidRequestException.class, builder::build);

    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal.code()).isEqualTo(code);
  }

  @Test
  void theLimitsThemselvesAreLegal() {
    var request =
        CreateChatCompletionRequest.builder()
            .user("hi")
            .maxTokens(1)
            .maxCompletionTokens(Integer.MAX_VALUE)
            .temperature(2.0)
            .topP(0.0)
            .n(128)
            .stop(List.of("1", "2", "3", "4"))
            .presencePenalty(-2.0)
            .frequencyPenalty(2.0)
            .logitBias(Map.of("1", -100.0, "2", 100.0))
            .logprobs(true)
            .topLogprobs(20)
            .build();

    assertThat(request.n()).isEqualTo(128);
  }

  @Test
  void aMessageNamesTheLimitAndTheValue() {
    var builder = CreateChatCompletionRequest.builder().user("hi").temperature(2.5);

    var refusal = catchThrowableOfType(InvalidRequestException.class, builder::build);

    assertThat(refusal)
        .hasMessage(
            "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5"
                + " instead.");
  }

  @Test
  void aChatHasMessages() {
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class, CreateChatCompletionRequest.builder()::build);

    assertThat(refusal.param()).isEqualTo("messages");
    assertThat(refusal.code()).isEqualTo("empty_array");
  }

  @Test
  void aCompletionHasAPrompt() {
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class, CreateCompletionRequest.builder()::build);

    assertThat(refusal.param()).isEqualTo("prompt");
    assertThat(refusal.code()).isEqualTo("missing_required_parameter");
  }

  @Test
  void promptsAreNotEmpty() {
    assertThat(
            catchThrowableOfType(InvalidRequestException.class, () -> new Prompt.Texts(List.of())))
        .extracting(InvalidRequestException::param)
        .isEqualTo("prompt");
    assertThat(
            catchThrowableOfType(
                InvalidRequestException.class, () -> new Prompt.Tokens(List.of(List.of()))))
        .extracting(InvalidRequestException::code)
        .isEqualTo("empty_array");
  }

  @Test
  void tokenIdsOfAPromptAreNotNegative() {
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> new Prompt.Tokens(List.of(List.of(0), List.of(5, -1))));

    assertThat(refusal.param()).isEqualTo("prompt");
    assertThat(refusal.code()).isEqualTo("integer_below_min_value");
  }
}
