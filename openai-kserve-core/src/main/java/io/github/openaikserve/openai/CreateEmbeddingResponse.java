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
   * How many tokens the inputs took.
   *
   * @param estimated whether the server did not count them, so that the figure is the library's own
   *     estimate; sent to clients only when true
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

    /** The same count: vectors take no tokens. */
    public int totalTokens() {
      return promptTokens;
    }
  }
}
