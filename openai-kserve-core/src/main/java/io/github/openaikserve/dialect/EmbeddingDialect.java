package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a model server wants inputs put into tensors, and in which tensors their vectors come.
 * Stateless and thread-safe.
 *
 * <p>Most servers are a table: see {@link #builder}. Anything stranger implements this interface.
 */
public interface EmbeddingDialect {

  /** A dialect written as a table of tensors. */
  static EmbeddingDialectBuilder builder(String name) {
    return new EmbeddingDialectBuilder(name);
  }

  /** A name for logs and messages. */
  String name();

  /**
   * Whether a tensor carries the field: {@link RequestField#INPUT}, {@link
   * RequestField#INPUT_TOKENS} or {@link RequestField#DIMENSIONS}.
   */
  boolean carries(RequestField field);

  /**
   * The call that embeds the batch; gets exactly one response.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if a value does not fit its tensor
   */
  InferCall encode(EmbeddingBatch batch);

  /**
   * What the response to {@link #encode}'s call says.
   *
   * @param inputs how many inputs the call had
   * @throws io.github.openaikserve.error.DialectException if it is not as this dialect has it
   */
  EmbeddingVectors decode(InferResponse response, int inputs);

  /** How many of such inputs one call may have, at least 1. */
  default int maxBatch(EmbeddingInput input) {
    return 1;
  }

  /** How many calls of one request go on at the same time, at least 1. */
  default int maxConcurrency() {
    return 1;
  }

  /** The length of every vector, where it is known beforehand and cannot be chosen. */
  default OptionalInt dimensions() {
    return OptionalInt.empty();
  }

  /**
   * What in this dialect is not as the model declares it, in plain words that name the tensor;
   * empty where all is well or the server tells nothing.
   */
  default List<String> mismatches(ModelDescription model) {
    return List.of();
  }
}
