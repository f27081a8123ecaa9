package io.github.openaikserve.grpc.servers;

import io.github.openaikserve.grpc.proto.ModelMetadataResponse.TensorMetadata;
import io.grpc.Status;
import java.util.List;

/**
 * A custom runtime with {@code predict_stream}, from {@code prompt} to {@code output}.
 *
 * <p>Source: {@code SeldonIO/MLServer}: {@code docs-gb/user-guide/streaming.md}.
 */
public final class StreamingRuntime implements MlServerRuntime {
  private final boolean declares;

  /** Creates a runtime whose settings declare no tensors. */
  public StreamingRuntime() {
    this(false);
  }

  private StreamingRuntime(boolean declares) {
    this.declares = declares;
  }

  /** Returns a runtime whose settings declare its tensors. */
  public static StreamingRuntime declared() {
    return new StreamingRuntime(true);
  }

  @Override
  public List<TensorMetadata> inputs() {
    return declares ? List.of(tensor("prompt", "BYTES"), tensor("max_tokens", "INT32")) : List.of();
  }

  @Override
  public List<TensorMetadata> outputs() {
    return declares ? List.of(tensor("output", "BYTES")) : List.of();
  }

  private static TensorMetadata tensor(String name, String datatype) {
    return TensorMetadata.newBuilder().setName(name).setDatatype(datatype).addShape(1).build();
  }

  @Override
  public void predict(Inputs inputs, boolean raw, Replies replies) {
    Script.Run run = run(inputs);
    switch (run.ending()) {
      case FINISH -> {
        replies.send(output(raw, run.text()));
        replies.end();
      }
      case FAILURE -> replies.fail(Status.Code.INTERNAL, "RuntimeError: model failed");
      case SILENCE -> {} // until cancelled
    }
  }

  @Override
  public void predictStream(Inputs inputs, boolean raw, Replies replies) {
    Script.Run run = run(inputs);
    run.pieces().forEach(piece -> replies.send(output(raw, piece)));
    switch (run.ending()) {
      case FINISH -> replies.end();
      case FAILURE -> replies.fail(Status.Code.INTERNAL, "RuntimeError: model failed");
      case SILENCE -> {} // until cancelled
    }
  }

  private static Script.Run run(Inputs inputs) {
    return Script.run(
        inputs.text("prompt"), inputs.integer("max_tokens", Integer.MAX_VALUE), List.of(), false);
  }

  private static Outputs output(boolean raw, String text) {
    return new Outputs(raw).text("output", text, 1, 1).tensorParameter("content_type", "str");
  }
}
