package io.github.openaikserve.kserve;

/** The remote procedure that carries an inference. */
public enum Rpc {
  /** One request, exactly one response. */
  MODEL_INFER,
  /** One request, any number of responses. */
  MODEL_STREAM_INFER
}
