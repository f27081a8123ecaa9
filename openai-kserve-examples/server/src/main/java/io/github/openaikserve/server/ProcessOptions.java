package io.github.openaikserve.server;

import io.github.openaikserve.http.ReadinessRule;

/**
 * How the server's process reports on itself. Immutable.
 *
 * @param readiness which backends must serve before {@code /health/ready} answers 200
 * @param logFormat the form of log lines
 */
record ProcessOptions(ReadinessRule readiness, LogFormat logFormat) {
  static final ProcessOptions DEFAULT = new ProcessOptions(ReadinessRule.ANY, LogFormat.TEXT);
}
