package io.github.openaikserve.encoder;

import io.github.openaikserve.error.InvalidRequestException;

/** Checks of the fields of requests to encoders. */
final class EncoderChecks {
  private EncoderChecks() {}

  /** Refuses an empty text. */
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
