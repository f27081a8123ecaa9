package io.github.openaikserve.internal.engine;

import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;

/** What happened in a generation, free of how the server told it. Immutable. */
sealed interface GenerationEvent {
  /** Text was added; never empty. */
  record Text(String text) implements GenerationEvent {}

  /** The generation ended. Always the last event, unless the generation failed. */
  record Finish(FinishReason reason, CompletionUsage usage) implements GenerationEvent {}
}
