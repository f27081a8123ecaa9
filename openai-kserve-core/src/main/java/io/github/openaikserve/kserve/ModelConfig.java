package io.github.openaikserve.kserve;

import java.util.List;
import java.util.Map;

/**
 * A server's configuration of a model. Immutable.
 *
 * <p>Source: {@code triton-inference-server/common}: {@code protobuf/model_config.proto}.
 *
 * @param platform may be empty
 * @param backend the server's backend that runs the model, such as {@code vllm}; may be empty
 * @param maxBatchSize greater than 0 if every tensor has a leading batch dimension
 * @param decoupled whether the model answers only streaming calls
 * @param parameters the backend's own settings
 * @param requiredInputs the names of the inputs that every request must have
 */
public record ModelConfig(
    String name,
    String platform,
    String backend,
    int maxBatchSize,
    boolean decoupled,
    Map<String, String> parameters,
    List<String> requiredInputs) {
  /** Copies the map and the list. */
  public ModelConfig {
    parameters = Map.copyOf(parameters);
    requiredInputs = List.copyOf(requiredInputs);
  }
}
