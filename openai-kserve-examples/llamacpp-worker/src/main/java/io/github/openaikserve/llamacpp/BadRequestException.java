package io.github.openaikserve.llamacpp;

/** An invalid request; the message is for its sender. */
final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadRequestException(String message) {
    super(message);
  }
}
