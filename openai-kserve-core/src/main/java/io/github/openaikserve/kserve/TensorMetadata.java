package io.github.openaikserve.kserve;

import java.util.List;

/**
 * A tensor as a model declares it. Immutable.
 *
 * @param datatype the server's own word for the type, which may be none of {@link Datatype}
 * @param shape the dimensions; -1 for one of any size
 */
public record TensorMetadata(String name, String datatype, List<Long> shape) {
  /** Copies the shape. */
  public TensorMetadata {
    shape = List.copyOf(shape);
  }
}
