package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mapping of model servers' finish reasons to OpenAI's. */
final class FinishReasons {
  /**
   * The finish reason of Hugging Face's text generation servers for a stop sequence. Their reason
   * for the model's own end token is {@code eos_token}.
   */
  private static final String STOP_SEQUENCE = "stop_sequence";

  /** Finish reasons of servers that could also be stop sequences of a request. */
  private static final Set<String> WORDS =
      Set.of(
          "stop",
          "length",
          "max_tokens",
          "content_filter",
          "tool_calls",
          "error",
          "abort",
          "cancelled",
          "timeout",
          "eos",
          "eos_token",
          "end",
          "end_turn",
          "done",
          "finished");

  private FinishReasons() {}

  /**
   * Returns the stop sequence that a server's finish reason names; null if it names none.
   *
   * @param word the server's finish reason
   * @param sent the stop sequences that were sent to the server; null for none
   */
  static @Nullable String stopSequence(String word, @Nullable Object sent) {
    if (!(sent instanceof List<?> sequences)) {
      return null;
    }
    if (word.equals(STOP_SEQUENCE)) {
      return sequences.size() == 1 ? String.valueOf(sequences.get(0)) : null;
    }
    return sequences.contains(word) && !WORDS.contains(word) ? word : null;
  }

  /**
   * Returns the finish reason for a server's word; {@code stop} for an unknown word.
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
