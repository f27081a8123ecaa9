package io.github.openaikserve.kserve;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An inference request. Immutable.
 *
 * @param modelName the model's name at the server; for AnyServe, a capability
 * @param modelVersion the version; empty to let the server choose
 * @param id an id that some servers return in their responses; empty for none
 */
public record InferRequest(
    String modelName,
    String modelVersion,
    String id,
    Map<String, InferParameter> parameters,
    List<Tensor> inputs) {

  /** Copies the map and the list. */
  public InferRequest {
    parameters = Map.copyOf(parameters);
    inputs = List.copyOf(inputs);
  }

  /** Returns a request without an id or parameters. */
  public static InferRequest of(String modelName, String modelVersion, List<Tensor> inputs) {
    return new InferRequest(modelName, modelVersion, "", Map.of(), inputs);
  }

  /** Returns a copy of this request with an id. */
  public InferRequest withId(String id) {
    return new InferRequest(modelName, modelVersion, id, parameters, inputs);
  }

  /** Returns the first input tensor of this name. */
  public Optional<Tensor> input(String name) {
    return Tensor.find(inputs, name);
  }
}
