package io.github.openaikserve.kserve;

import java.util.List;

/**
 * What a server tells about a model. Immutable.
 *
 * @param platform the server's word for what runs the model; may be empty
 * @param inputs the declared inputs; empty at AnyServe, which declares none
 * @param outputs the declared outputs; empty at AnyServe, which declares none
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
