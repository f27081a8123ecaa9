package io.github.openaikserve.encoder;

import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rerank response, with the most relevant documents first. Immutable.
 *
 * @param results at most {@code top_n} results; documents with the same score have the order of the
 *     request
 * @param documents the number of documents that were scored
 * @param droppedParams the request fields that had no effect; not part of the JSON
 */
public record RerankResponse(
    String id,
    String model,
    List<Result> results,
    int documents,
    Usage usage,
    List<String> droppedParams) {
  /** The number of documents of one of Cohere's search units. */
  private static final int DOCUMENTS_OF_UNIT = 100;

  /** Copies the lists. */
  public RerankResponse {
    results = List.copyOf(results);
    droppedParams = List.copyOf(droppedParams);
  }

  /**
   * Returns the number of Cohere's search units, one for each 100 documents.
   *
   * <p>Source: Cohere's pricing of {@code rerank}.
   */
  public int searchUnits() {
    return (documents + DOCUMENTS_OF_UNIT - 1) / DOCUMENTS_OF_UNIT;
  }

  /**
   * A document and its score.
   *
   * @param index the index of the document in the request, from 0
   * @param relevanceScore the model's score, usually from 0 to 1
   * @param document the text of the document; null unless the request asks for it
   */
  public record Result(int index, double relevanceScore, @Nullable String document) {}
}
