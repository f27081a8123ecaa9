package io.github.openaikserve.server.limits;

import java.util.Locale;

/** A kind of limit of a client. */
enum Limit {
  REQUESTS,
  TOKENS,
  IN_FLIGHT;

  /** Returns the name in logs and metrics. */
  String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
