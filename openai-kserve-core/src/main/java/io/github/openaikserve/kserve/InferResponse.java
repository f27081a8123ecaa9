package io.github.openaikserve.kserve;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One answer to an inference; a stream has any number of them. Immutable.
 *
 * @param modelName the model as the server names it; may be empty
 * @param modelVersion may be empty: AnyServe's stream chunks have none
 * @param id the request's id where the server echoes it; else empty
 */
public record InferResponse(
    String modelName,
    String modelVersion,
    String id,
    Map<String, InferParameter> parameters,
    List<Tensor> outputs) {

  /** Copies the map and the list. */
  public InferResponse {
    parameters = Map.copyOf(parameters);
    outputs = List.copyOf(outputs);
  }

  /** A response with nothing but output tensors. */
  public static InferResponse of(Tensor... outputs) {
    return new InferResponse("", "", "", Map.of(), List.of(outputs));
  }

  /** The first output tensor of that name. */
  public Optional<Tensor> output(String name) {
    return Tensor.find(outputs, name);
  }
}
