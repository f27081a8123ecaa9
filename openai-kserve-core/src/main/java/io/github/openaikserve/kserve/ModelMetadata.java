package io.github.openaikserve.kserve;

import java.util.List;

/**
 * A server's metadata of a model. Immutable.
 *
 * @param platform the platform string that the server reports; may be empty
 * @param inputs the declared inputs; empty for AnyServe, which declares none
 * @param outputs the declared outputs; empty for AnyServe, which declares none
 */
public record ModelMetadata(
    String name,
    List<String> versions,
    String platform,
    List<TensorMetadata> inputs,
    List<TensorMetadata> outputs) {
  /** Copies the lists. */
  public ModelMetadata {
    versions = List.copyOf(versions);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
