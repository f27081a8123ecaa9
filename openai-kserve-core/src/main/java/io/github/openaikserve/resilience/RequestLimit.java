package io.github.openaikserve.resilience;

import java.util.Locale;

/** A limit of {@link RequestLimits} with its minimum, maximum and default. */
enum RequestLimit {
  BODY(1, Integer.MAX_VALUE, Integer.MAX_VALUE),
  HEADERS(1, Integer.MAX_VALUE, 64 << 10),
  /**
   * At least 3, because a chat nests an object in an array in an object. Bounded, because JSON is
   * written recursively.
   */
  DEPTH(3, 1000, 100),
  /** Bounded, because parsing a number takes time quadratic in its digits. */
  DIGITS(1, 1000, 100),
  STRING(1, Integer.MAX_VALUE, 64 << 20),
  NODES(8, Integer.MAX_VALUE, 100_000),
  NUMBERS(1, Integer.MAX_VALUE, 1_000_000),
  MESSAGES(1, 2048, 2048),
  PROMPTS(1, 2048, 2048),
  TOOLS(1, 4096, 128),
  METADATA(1, Integer.MAX_VALUE, 16),
  LOGIT_BIAS(1, Integer.MAX_VALUE, 1024),
  STOPS(1, 4, 4),
  STOP_LENGTH(1, 100_000, 1000),
  CHOICES(1, 128, 128),
  ALL_CHOICES(1, 262_144, 2048),
  INPUTS(1, 2048, 2048),
  GENERATED_TEXT(1, Integer.MAX_VALUE, 16 << 20);

  final int min;
  final int max;
  final int initial;

  RequestLimit(int min, int max, int initial) {
    this.min = min;
    this.max = max;
    this.initial = initial;
  }

  void check(int value) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "limit '%s' must be from %d to %d, was %d"
              .formatted(name().toLowerCase(Locale.ROOT), min, max, value));
    }
  }
}
