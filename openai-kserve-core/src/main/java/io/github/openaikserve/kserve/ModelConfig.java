package io.github.openaikserve.kserve;

import java.util.Map;

/**
 * How a server was told to run a model. Immutable.
 *
 * <p>Source: {@code triton-inference-server/common}: {@code protobuf/model_config.proto}.
 *
 * @param platform may be empty
 * @param backend what runs the model, such as {@code vllm}; may be empty
 * @param maxBatchSize above 0 when every tensor has a batch dimension in front
 * @param decoupled whether the model answers only on streams
 * @param parameters the backend's own settings
 */
public record ModelConfig(
    String name,
    String platform,
    String backend,
    int maxBatchSize,
    boolean decoupled,
    Map<String, String> parameters) {
  /** Copies the map. */
  public ModelConfig {
    parameters = Map.copyOf(parameters);
  }
}
