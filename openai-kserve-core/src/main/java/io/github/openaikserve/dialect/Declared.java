package io.github.openaikserve.dialect;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.Optional;

/** Rules for matching a declared tensor with a row of a table. */
final class Declared {
  private Declared() {}

  /** Returns the declared datatype; empty if the protocol does not define it. */
  static Optional<Datatype> datatype(TensorMetadata tensor) {
    for (Datatype datatype : Datatype.values()) {
      if (datatype.name().equals(tensor.datatype())) {
        return Optional.of(datatype);
      }
    }
    return Optional.empty();
  }

  /** Returns whether values for one type can also be sent as the other. */
  static boolean compatible(Datatype own, Datatype declared) {
    return own == declared
        || (isInteger(own) && isInteger(declared))
        || (isFloat(own) && isFloat(declared));
  }

  static boolean isInteger(Datatype datatype) {
    return switch (datatype) {
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> true;
      default -> false;
    };
  }

  static boolean isFloat(Datatype datatype) {
    return datatype == Datatype.FP32 || datatype == Datatype.FP64;
  }
}
