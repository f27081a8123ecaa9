package io.github.openaikserve.dialect;

import io.github.openaikserve.kserve.Datatype;

/** The types of the values of request fields, and the tensors that can represent them. */
enum FieldType {
  /** Texts, lists and JSON objects. */
  TEXT,
  BOOLEAN,
  WHOLE_NUMBER,
  REAL_NUMBER,
  /** Token ids. */
  TOKENS,
  /** The length of vectors. */
  LENGTH;

  /** Returns whether a tensor of a type can represent the values without conversion. */
  boolean fits(Datatype datatype) {
    boolean text = datatype == Datatype.BYTES;
    return switch (this) {
      case TEXT -> text;
      case BOOLEAN -> text || datatype == Datatype.BOOL;
      case WHOLE_NUMBER -> datatype != Datatype.BOOL && datatype.hasTypedContents();
      case REAL_NUMBER -> text || Table.isFloat(datatype);
      case TOKENS -> datatype.isInteger() && datatype.size() >= Integer.BYTES;
      case LENGTH -> datatype.isInteger();
    };
  }
}
