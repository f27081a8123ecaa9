package io.github.openaikserve.dialect;

import io.github.openaikserve.openai.EmbeddingInput;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of one call, free of tensors. Immutable.
 *
 * @param modelName the model as its route names it to the server
 * @param modelVersion the version as its route names it; null for the dialect's own
 * @param input the inputs, at most as many as {@link EmbeddingDialect#maxBatch} allows
 * @param dimensions the length the vectors are to have; null for the model's own
 */
public record EmbeddingBatch(
    String modelName,
    @Nullable String modelVersion,
    EmbeddingInput input,
    @Nullable Integer dimensions) {

  /** Checks that nothing is missing. */
  public EmbeddingBatch {
    Objects.requireNonNull(modelName, "modelName");
    Objects.requireNonNull(input, "input");
  }
}
