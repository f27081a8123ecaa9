package io.github.openaikserve.encoder;

import io.github.openaikserve.error.InvalidRequestException;

/** Checks of request fields for encoder models. */
final class EncoderChecks {
  private EncoderChecks() {}

  /** Rejects an empty text. */
  static void text(String param, String text) {
    if (text.isEmpty()) {
      throw InvalidRequestException.badValue(
          param,
          "empty_string",
          "Invalid '%s': empty string. Expected a string with minimum length 1, but got an empty string instead."
              .formatted(param));
    }
  }
}
