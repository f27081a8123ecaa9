package io.github.openaikserve.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers say, word for word, and the errors that clients get. */
final class ServerErrorsTest {
  private static Arguments tooLong(String words, @Nullable String size, String limit) {
    return Arguments.of(words, size, limit);
  }

  static Stream<Arguments> promptsThatAreTooLong() {
    return Stream.of(
        tooLong(
            "Error in stream handler: Requested tokens (3750) exceed context window of 2048",
            "3750 tokens",
            "2048"),
        tooLong(
            "request (5120 tokens) exceeds the available context size (4096 tokens), try increasing it",
            "5120 tokens",
            "4096"),
        tooLong(
            "Error generating stream: The decoder prompt (length 2504) is longer than the maximum model"
                + " length of 2000. Make sure that `max_model_len` is no smaller than the number of text"
                + " tokens.",
            "2504 tokens",
            "2000"),
        tooLong(
            "Input prompt (35247 tokens) is too long and exceeds limit of 1000",
            "35247 tokens",
            "1000"),
        tooLong(
            "This model's maximum context length is 4096 tokens. However, you requested 4726 tokens (3726"
                + " in the messages, 1000 in the completion). Please reduce the length of the messages or"
                + " completion.",
            "4726 tokens",
            "4096"),
        tooLong(
            "This model's maximum context length is 4096 tokens. However, your request has 5000 input"
                + " tokens. Please reduce the length of the input messages.",
            "5000 tokens",
            "4096"),
        tooLong(
            "This model's maximum context length is 128000 tokens. However, you requested 65535 output"
                + " tokens and your prompt contains at least 62466 input tokens, for a total of at least"
                + " 128001 tokens.",
            "128001 tokens",
            "128000"),
        tooLong("This model's maximum context length is 8192 tokens", "more", "8192"),
        tooLong(
            "Prompt length (6001) exceeds maximum input length (6000). Set log level to info.",
            "6001 tokens",
            "6000"),
        tooLong(
            "The sum of prompt length (4000) and query length (0) max_tokens (2048) should not exceed"
                + " max_seq_len (4096)",
            "more",
            "4096"),
        tooLong(
            "The prompt has 700 tokens, but the context holds 512 with at least one of the answer",
            "700 tokens",
            "512"),
        tooLong("The prompt has 99000 characters, but the context holds 512 tokens", "more", "512"),
        tooLong(
            "Traceback (most recent call last):\n  File \"worker.py\", line 3, in generate\n"
                + "ValueError: Requested tokens (3750) exceed context window of 2048\n",
            "3750 tokens",
            "2048"));
  }

  @ParameterizedTest
  @MethodSource("promptsThatAreTooLong")
  void aPromptThatIsTooLongIsTheRequestsMistake(String words, String size, String limit) {
    for (BackendCode code : new BackendCode[] {BackendCode.UNKNOWN, BackendCode.INTERNAL}) {
      BackendException failure = ServerErrors.of(code, words);

      assertThat(failure)
          .hasMessage(
              "This model's maximum context length is %s tokens, but the request has %s. Shorten the prompt or lower max_tokens."
                  .formatted(limit, size));
      assertThat(failure.status()).isEqualTo(400);
      assertThat(failure.type()).isEqualTo("invalid_request_error");
      assertThat(failure.code()).isEqualTo("context_length_exceeded");
      assertThat(failure.backendCode()).isEqualTo(BackendCode.CONTEXT_LENGTH_EXCEEDED);
      assertThat(failure.saidByServer()).isTrue();
    }
  }

  @Test
  void withoutNumbersTheServersMessageIsShown() {
    BackendException failure =
        ServerErrors.of(
            BackendCode.UNKNOWN,
            "the request exceeds the available context size, try increasing it");

    assertThat(failure.code()).isEqualTo("context_length_exceeded");
    assertThat(failure)
        .hasMessage(
            "The model server reported an error: the request exceeds the available context size, try increasing it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Error generating stream: top_p must be in (0, 1], got 0.0.",
        "min_tokens must be less than or equal to max_tokens=4, got 8.",
        "presence_penalty must be in [-2, 2], got 3.0.",
        "cannot identify image file <_io.BytesIO object at 0x7f>",
        "This model does not support 'generate' request"
      })
  void aValueThatTheServerRefusesIsTheRequestsMistake(String words) {
    BackendException failure = ServerErrors.of(BackendCode.INTERNAL, words);

    assertThat(failure.status()).isEqualTo(400);
    assertThat(failure.backendCode()).isEqualTo(BackendCode.INVALID_ARGUMENT);
    assertThat(failure).hasMessage("The model server answered INTERNAL: " + words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama_decode returned 1",
        "CUDA out of memory",
        "Requested tokens exceed nothing",
        "'NoneType' object has no attribute 'lora_name'"
      })
  void otherMessagesKeepTheServersCode(String words) {
    assertThat(ServerErrors.of(BackendCode.UNKNOWN, words))
        .hasMessage("The model server reported an error: " + words)
        .returns(BackendCode.UNKNOWN, BackendException::backendCode)
        .returns(502, BackendException::status);
  }

  @ParameterizedTest
  @EnumSource(
      value = BackendCode.class,
      names = {"UNAUTHENTICATED", "PERMISSION_DENIED"})
  void credentialsThatTheServerRefusesAreNotTheCallers(BackendCode code) {
    BackendException failure = ServerErrors.of(code, "token eyJhbGciOi is expired");

    assertThat(failure.status()).isEqualTo(502);
    assertThat(failure.type()).isEqualTo("server_error");
    assertThat(failure).hasMessage("The model server refused this server's credentials.");
    assertThat(failure.loggableMessage()).isEqualTo(failure.getMessage());
  }

  @Test
  void theMessageOfAnUnavailableServerIsKept() {
    assertThat(ServerErrors.of(BackendCode.UNAVAILABLE, "unhealthy vLLM engine"))
        .hasMessage("The model server answered UNAVAILABLE: unhealthy vLLM engine")
        .returns(true, BackendException::saidByServer)
        .returns(503, BackendException::status);
  }

  @Test
  void aConnectionFailureIsNotReportedAsTheServersAnswer() {
    assertThat(BackendException.unreachable(null, null))
        .hasMessage("The model server could not be reached.")
        .returns(false, BackendException::saidByServer);
    assertThat(BackendException.unreachable("connection refused", null))
        .hasMessage("The model server could not be reached: connection refused.")
        .returns(503, BackendException::status);
    assertThat(new BackendException(BackendCode.INTERNAL, "cut off").saidByServer()).isFalse();
  }

  @Test
  void copiesRememberWhoSpoke() {
    BackendException failure = ServerErrors.of(BackendCode.INTERNAL, "it broke");

    assertThat(failure.withPartialText("Once").saidByServer()).isTrue();
    assertThat(failure.withRetryAfter(Duration.ofSeconds(1)).saidByServer()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(BackendCode.class)
  void logMessagesNeverContainServerText(BackendCode code) {
    BackendException failure = ServerErrors.of(code, "cannot tokenize: canary");

    assertThat(failure.loggableMessage()).doesNotContain("canary");
    assertThat(failure.withPartialText("text").loggableMessage()).doesNotContain("canary");
    assertThat(failure).hasNoCause();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | ''",
        "'\n  \n it broke \nmore' | ': it broke'",
        "'Error: oom\nTraceback (most recent call last):\n  File' | ': Error: oom'",
        "'Traceback (most recent call last):\n  File \"x.py\"' | ''",
        "'Traceback (most recent call last):\n  File \"x.py\"\nRuntimeError: oom' | ': RuntimeError: oom'",
        "'Traceback (most recent call last):\n  File \"x.py\"\nRuntimeError: oom\n\n' | ': RuntimeError: oom'",
        "'bell\u0007' | ': bell '"
      })
  void theLineThatHoldsTheReasonIsShown(String words, String shown) {
    assertThat(ServerErrors.of(BackendCode.UNKNOWN, words))
        .hasMessage("The model server reported an error" + (shown.isEmpty() ? "." : shown));
  }

  @Test
  void longNamesAreTruncatedBetweenCharacters() {
    String words = "x".repeat(299) + "\uD83D\uDE00" + "y".repeat(5000);

    assertThat(ServerErrors.of(BackendCode.UNKNOWN, words).getMessage())
        .isEqualTo("The model server reported an error: " + "x".repeat(299) + "...");
  }

  @Test
  @Timeout(60)
  void patternsTakeLinearTimeAndSeeTheBeginningOnly() {
    String hostile =
        "sum of prompt length (1".repeat(500_000)
            + "maximum context length is 1 tokens.    However, ".repeat(100_000)
            + "\n".repeat(1_000_000);

    for (int i = 0; i < 20; i++) {
      assertThat(ServerErrors.of(BackendCode.INTERNAL, hostile).status()).isEqualTo(502);
      assertThat(
              ServerErrors.of(BackendCode.INTERNAL, "Traceback (most recent call last)" + hostile)
                  .status())
          .isEqualTo(502);
    }
    assertThat(
            ServerErrors.of(
                    BackendCode.INTERNAL,
                    "x".repeat(1000) + "Requested tokens (3) exceed context window of 2")
                .status())
        .isEqualTo(502);
  }
}
