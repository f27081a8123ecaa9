package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.openai.FinishReason;

/** The mapping of model servers' finish reasons to OpenAI's. */
final class FinishReasons {
  private FinishReasons() {}

  /**
   * Returns the finish reason for a server's value; {@code stop} for an unknown value.
   *
   * @throws BackendException if the value means that the generation failed
   */
  static FinishReason of(String word) {
    return switch (word) {
      case "length", "max_tokens" -> FinishReason.LENGTH;
      case "content_filter" -> FinishReason.CONTENT_FILTER;
      case "tool_calls" -> FinishReason.TOOL_CALLS;
      case "error" ->
          throw BackendException.fromServer(
              BackendCode.UNKNOWN, "The model server reported that the generation failed.");
      case "abort", "cancelled", "timeout" ->
          throw BackendException.fromServer(
              BackendCode.CANCELLED, "The model server aborted the generation.");
      default -> FinishReason.STOP;
    };
  }
}
