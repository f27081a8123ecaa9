package io.github.openaikserve.internal.literal;

/** The exception for a malformed literal. */
final class MalformedLiteralException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedLiteralException() {
    super("not a literal", null, false, false);
  }
}
