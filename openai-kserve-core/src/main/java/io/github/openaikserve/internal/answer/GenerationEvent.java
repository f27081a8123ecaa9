package io.github.openaikserve.internal.answer;

import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens in a generation, in order: any number of pieces, then one finish. Immutable. */
sealed interface GenerationEvent {
  /**
   * A piece of the text.
   *
   * @param text empty only where there are log probabilities without any text that is certain
   * @param logprobs of the tokens that came; null unless asked for
   */
  record Text(String text, @Nullable List<ChatCompletionTokenLogprob> logprobs)
      implements GenerationEvent {
    Text(String text) {
      this(text, null);
    }
  }

  /** A piece of the reasoning before the answer. */
  record Reasoning(String text) implements GenerationEvent {}

  /**
   * A call of a tool begins.
   *
   * @param index from 0 within the answer
   */
  record ToolCall(int index, String id, String name) implements GenerationEvent {}

  /** A piece of the arguments of a call that has begun. */
  record Arguments(int index, String piece) implements GenerationEvent {}

  /** The last event. */
  record Finish(FinishReason reason, CompletionUsage usage) implements GenerationEvent {}
}
