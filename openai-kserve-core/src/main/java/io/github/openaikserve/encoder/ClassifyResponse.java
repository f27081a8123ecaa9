package io.github.openaikserve.encoder;

import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.util.List;

/**
 * A classification response. Immutable.
 *
 * @param created seconds since 1970
 * @param data one classification for each input, in the order of the inputs
 * @param droppedParams the request fields that had no effect; not part of the JSON
 */
public record ClassifyResponse(
    String id,
    long created,
    String model,
    List<Classification> data,
    Usage usage,
    List<String> droppedParams) {
  /** Copies the lists. */
  public ClassifyResponse {
    data = List.copyOf(data);
    droppedParams = List.copyOf(droppedParams);
  }
}
