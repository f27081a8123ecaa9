package io.github.openaikserve.kserve;

/** The RPC of an inference call. */
public enum Rpc {
  /** One request, exactly one response. */
  MODEL_INFER,
  /** One request, any number of responses. */
  MODEL_STREAM_INFER,
  /**
   * One request, any number of responses, sent as plain {@code ModelInferResponse} messages as
   * MLServer does. Other servers wrap each response in a message that can also carry an error. The
   * two wire formats are not compatible.
   *
   * <p>Source: {@code SeldonIO/MLServer}: {@code proto/dataplane.proto}.
   */
  MODEL_STREAM_INFER_UNWRAPPED;

  /** Returns whether a call may have any number of responses. */
  public boolean streams() {
    return this != MODEL_INFER;
  }
}
