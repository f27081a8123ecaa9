package io.github.openaikserve.openai;

import java.util.List;

/**
 * The vectors of a request's inputs. Immutable.
 *
 * @param data one for each input, in the order of the inputs
 * @param droppedParams request fields that had no effect; not part of the JSON
 */
public record CreateEmbeddingResponse(
    String model, List<Embedding> data, Usage usage, List<String> droppedParams) {

  /** Copies the lists. */
  public CreateEmbeddingResponse {
    data = List.copyOf(data);
    droppedParams = List.copyOf(droppedParams);
  }

  /**
   * The number of tokens of the inputs.
   *
   * @param estimated whether the number is the library's estimate, because the server did not
   *     count; sent to clients only if true
   */
  public record Usage(int promptTokens, boolean estimated) {
    /**
     * Checks the count.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Usage {
      if (promptTokens < 0) {
        throw new IllegalArgumentException(
            "a token count must not be negative, was " + promptTokens);
      }
    }

    /** Returns the prompt tokens: vectors use no others. */
    public int totalTokens() {
      return promptTokens;
    }
  }
}
