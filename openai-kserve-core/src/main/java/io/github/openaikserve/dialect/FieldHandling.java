package io.github.openaikserve.dialect;

/** The handling of a request field by a model. */
public enum FieldHandling {
  /** The field is sent to the model server in a tensor. */
  MAPPED,
  /** This library implements the field itself. */
  EMULATED,
  /** The field is accepted and does not affect the generation. */
  IGNORED,
  /** The field has no effect, and the answer reports that. */
  DROPPED,
  /**
   * The request is rejected, because the answer would have a different meaning without the field.
   */
  REJECTED
}
