package io.github.openaikserve.kserve;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An inference response. A stream has any number of them. Immutable.
 *
 * @param modelName the model's name at the server; may be empty
 * @param modelVersion may be empty, as in AnyServe's streams
 * @param id the request's id; empty if the server does not return it
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

  /** Returns a response with output tensors only. */
  public static InferResponse of(Tensor... outputs) {
    return new InferResponse("", "", "", Map.of(), List.of(outputs));
  }

  /** Returns the first output tensor of this name. */
  public Optional<Tensor> output(String name) {
    return Tensor.find(outputs, name);
  }
}
