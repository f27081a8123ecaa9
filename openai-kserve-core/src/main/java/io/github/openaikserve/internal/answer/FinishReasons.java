package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.openai.FinishReason;

/** What the servers' words for the end of a generation mean. */
final class FinishReasons {
  private FinishReasons() {}

  /**
   * The reason that a word stands for; a word nobody knows is an end like any other.
   *
   * @throws BackendException if the word says that the generation failed
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
              BackendCode.CANCELLED, "The model server broke the generation off.");
      default -> FinishReason.STOP;
    };
  }
}
