package io.github.openaikserve.grpc.servers;

import io.grpc.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A model in a Triton repository: its configuration and its behavior. */
public interface TritonModel {
  /**
   * A tensor of the configuration.
   *
   * @param dims without the batch dimension; -1 for any size
   */
  record TensorSpec(String name, String datatype, List<Long> dims, boolean optional) {
    static TensorSpec required(String name, String datatype, long... dims) {
      return new TensorSpec(name, datatype, boxed(dims), false);
    }

    static TensorSpec optional(String name, String datatype, long... dims) {
      return new TensorSpec(name, datatype, boxed(dims), true);
    }

    private static List<Long> boxed(long... dims) {
      return Arrays.stream(dims).boxed().toList();
    }
  }

  /** The receiver of the model's responses. */
  interface Replies {
    /** Receives a response. */
    void send(Outputs outputs);

    /** Receives the last response. */
    void sendLast(Outputs outputs);

    /** Receives the end, without a further response. */
    void end();

    /** Receives a failure, which is the end. */
    void fail(Status.Code code, String message);
  }

  String name();

  /** Returns the Triton backend, such as vllm. */
  String backend();

  int maxBatchSize();

  boolean decoupled();

  List<TensorSpec> inputs();

  List<TensorSpec> outputs();

  default Map<String, String> parameters() {
    return Map.of();
  }

  void infer(Inputs inputs, Replies replies);
}
