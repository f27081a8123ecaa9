package io.github.openaikserve.http;

/** Which backends must be able to serve before {@code /health/ready} answers 200. */
public enum ReadinessRule {
  /** At least one model can be served. */
  ANY,

  /** Every backend is ready and serves at least one model. */
  ALL,

  /** None: the answer is 200 until this process shuts down. */
  NONE
}
