package io.github.openaikserve.dialect;

import org.jspecify.annotations.Nullable;

/** What the response to the call of an {@link InputBatch} says. Immutable. */
public sealed interface BatchOutput
    permits EmbeddingVectors, PairScores, ClassScores, Transcript, AudioData {
  /** Returns how many tokens the inputs of the call have together; null if not reported. */
  @Nullable Integer promptTokens();
}
