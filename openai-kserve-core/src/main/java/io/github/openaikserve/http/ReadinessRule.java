package io.github.openaikserve.http;

/** The rule by which {@code /health/ready} answers 200. */
public enum ReadinessRule {
  /** At least one model can be served. */
  ANY,

  /** Every backend is ready and serves at least one model. */
  ALL,

  /** No backend is required: the answer is 200 until this process shuts down. */
  NONE
}
