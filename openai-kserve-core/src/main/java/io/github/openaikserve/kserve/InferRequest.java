package io.github.openaikserve.kserve;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One inference to be made. Immutable.
 *
 * @param modelName what the server calls the model; at AnyServe a capability
 * @param modelVersion the version; empty lets the server choose
 * @param id echoed by servers that correlate; empty for none
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

  /** A request without id and parameters. */
  public static InferRequest of(String modelName, String modelVersion, List<Tensor> inputs) {
    return new InferRequest(modelName, modelVersion, "", Map.of(), inputs);
  }

  /** Returns the same request with an id. */
  public InferRequest withId(String id) {
    return new InferRequest(modelName, modelVersion, id, parameters, inputs);
  }

  /** The first input tensor of that name. */
  public Optional<Tensor> input(String name) {
    return Tensor.find(inputs, name);
  }
}
