package io.github.openaikserve.kserve;

/** The remote procedure that carries an inference. */
public enum Rpc {
  /** One request, exactly one response. */
  MODEL_INFER,
  /** One request, any number of responses. */
  MODEL_STREAM_INFER,
  /**
   * The same with responses that lack the message around them in which other servers put errors:
   * MLServer's shape. What one shape means is garbage to a reader of the other.
   *
   * <p>Source: {@code SeldonIO/MLServer}: {@code proto/dataplane.proto}.
   */
  MODEL_STREAM_INFER_BARE;

  /** Whether there may be any number of responses. */
  public boolean streams() {
    return this != MODEL_INFER;
  }
}
