package io.github.openaikserve.dialect;

import org.jspecify.annotations.Nullable;

/** The content of the response to the call of an {@link InputBatch}. Immutable. */
public sealed interface BatchOutput
    permits EmbeddingVectors, PairScores, ClassScores, Transcript, AudioData {
  /** Returns the total number of tokens of the call's inputs; null if not reported. */
  @Nullable Integer promptTokens();
}
