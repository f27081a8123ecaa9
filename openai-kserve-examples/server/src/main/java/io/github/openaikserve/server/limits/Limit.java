package io.github.openaikserve.server.limits;

import java.util.Locale;

/** What a client may use up. */
enum Limit {
  REQUESTS,
  TOKENS,
  IN_FLIGHT;

  /** Returns the name in logs and metrics. */
  String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
