package io.github.openaikserve.dialect;

/** How a model handles a field of a request. */
public enum FieldHandling {
  /** A tensor carries it to the model server. */
  MAPPED,
  /** The library does it itself. */
  EMULATED,
  /** It changes nothing in a generation, and is accepted. */
  IGNORED,
  /** Generation goes on without it, and the answer reports it. */
  DROPPED,
  /** The request is rejected, because the answer would mean something else without it. */
  REJECTED
}
