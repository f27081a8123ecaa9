package io.github.openaikserve.kserve;

import java.util.List;

/**
 * A tensor that a model declares. Immutable.
 *
 * @param datatype the server's name of the type, which may not be one of {@link Datatype}
 * @param shape the dimensions; -1 for a dimension of any size
 */
public record TensorMetadata(String name, String datatype, List<Long> shape) {
  /** Copies the shape. */
  public TensorMetadata {
    shape = List.copyOf(shape);
  }
}
