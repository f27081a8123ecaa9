package io.github.openaikserve.dialect;

import io.github.openaikserve.openai.EmbeddingInput;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of one call, free of tensors. Immutable.
 *
 * @param modelName the model as its route names it to the server
 * @param modelVersion the version as its route names it; null for the dialect's own
 * @param input the inputs, at most as many as {@link Dialect#maxBatch} allows
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

  /** Returns the value of a field: texts, one list of token ids, or the dimensions. */
  @Nullable Object value(RequestField field) {
    return switch (field) {
      case INPUT -> input instanceof EmbeddingInput.Texts texts ? texts.texts() : null;
      case INPUT_TOKENS -> input instanceof EmbeddingInput.Tokens tokens ? ids(tokens) : null;
      case DIMENSIONS -> dimensions;
      default -> null;
    };
  }

  private static int[] ids(EmbeddingInput.Tokens tokens) {
    return tokens.tokens().get(0).stream().mapToInt(Integer::intValue).toArray();
  }
}
