package io.github.openaikserve.grpc.servers;

import io.github.openaikserve.grpc.proto.ModelMetadataResponse.TensorMetadata;
import io.grpc.Status;
import java.util.List;

/** What runs a model in MLServer. */
public interface MlServerRuntime {
  /** Takes what a runtime says. */
  interface Replies {
    /** One response. */
    void send(Outputs outputs);

    /** No more of them. */
    void end();

    /** A failure, which ends it. */
    void fail(Status.Code code, String message);
  }

  /** What it declares. */
  List<TensorMetadata> inputs();

  /** The same of its outputs. */
  default List<TensorMetadata> outputs() {
    return List.of();
  }

  /** The whole answer in one response. */
  void predict(Inputs inputs, boolean raw, Replies replies);

  /** The answer piece by piece; all of it in one where a runtime has no such thing. */
  default void predictStream(Inputs inputs, boolean raw, Replies replies) {
    predict(inputs, raw, replies);
  }
}
