package io.github.openaikserve.grpc.servers;

import io.github.openaikserve.grpc.proto.ModelMetadataResponse.TensorMetadata;
import io.grpc.Status;
import java.util.List;

/** A runtime of a model in MLServer. */
public interface MlServerRuntime {
  /** The receiver of a runtime's responses. */
  interface Replies {
    /** Receives a response. */
    void send(Outputs outputs);

    /** Receives the end. */
    void end();

    /** Receives a failure, which is the end. */
    void fail(Status.Code code, String message);
  }

  /** Returns the declared inputs. */
  List<TensorMetadata> inputs();

  /** Returns the declared outputs. */
  default List<TensorMetadata> outputs() {
    return List.of();
  }

  /** Sends the whole answer as one response. */
  void predict(Inputs inputs, boolean raw, Replies replies);

  /** Streams the answer; sends one response if the runtime does not stream. */
  default void predictStream(Inputs inputs, boolean raw, Replies replies) {
    predict(inputs, raw, replies);
  }
}
