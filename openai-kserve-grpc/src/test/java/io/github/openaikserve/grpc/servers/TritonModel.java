package io.github.openaikserve.grpc.servers;

import io.grpc.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A model in a Triton repository: what its configuration declares, and what it does. */
public interface TritonModel {
  /**
   * A tensor as the configuration has it.
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

  /** Takes what the model says. */
  interface Replies {
    /** One response. */
    void send(Outputs outputs);

    /** One response, and the last one. */
    void sendLast(Outputs outputs);

    /** No more responses, without another one. */
    void end();

    /** A failure, which ends it. */
    void fail(Status.Code code, String message);
  }

  String name();

  /** What runs it, such as vllm. */
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
