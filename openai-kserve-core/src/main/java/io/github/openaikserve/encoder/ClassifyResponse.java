package io.github.openaikserve.encoder;

import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.util.List;

/**
 * The classes of a request's inputs. Immutable.
 *
 * @param created seconds since 1970
 * @param data one for each input, in the order of the inputs
 * @param droppedParams request fields that had no effect; not part of the JSON
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
