package io.github.openaikserve.openai;

import java.util.List;

/**
 * An embedding response. Immutable.
 *
 * @param data one vector for each input, in the order of the inputs
 * @param droppedParams the request fields that had no effect; not part of the JSON
 */
public record CreateEmbeddingResponse(
    String model, List<Embedding> data, Usage usage, List<String> droppedParams) {

  /** Copies the lists. */
  public CreateEmbeddingResponse {
    data = List.copyOf(data);
    droppedParams = List.copyOf(droppedParams);
  }

  /**
   * The token usage of the inputs.
   *
   * @param estimated whether the number is an estimate of this library, because the server reported
   *     none; sent to clients only if true
   */
  public record Usage(int promptTokens, boolean estimated) {
    /**
     * Checks the count.
     *
     * @throws IllegalArgumentException if the count is negative
     */
    public Usage {
      if (promptTokens < 0) {
        throw new IllegalArgumentException(
            "promptTokens must not be negative, was " + promptTokens);
      }
    }

    /** Returns the number of prompt tokens, because embeddings use no other tokens. */
    public int totalTokens() {
      return promptTokens;
    }
  }
}
