package io.github.openaikserve.llamacpp;

/** A request that cannot be served, in words for its sender. */
final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadRequestException(String message) {
    super(message);
  }
}
