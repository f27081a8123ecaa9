package io.github.openaikserve.dialect;

/** What becomes of a request field. */
public enum FieldFate {
  /** A tensor takes it to the model server. */
  CARRIED,
  /** The library does it itself. */
  EMULATED,
  /** It changes nothing in a generation, and is accepted. */
  NEUTRAL,
  /** Generation goes on without it, and the answer says so. */
  DROPPED,
  /** The request is refused, because the answer would mean something else. */
  REFUSED
}
