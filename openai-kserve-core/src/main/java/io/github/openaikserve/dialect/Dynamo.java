package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.*;
import static io.github.openaikserve.dialect.ResponseField.*;
import static io.github.openaikserve.kserve.Datatype.*;

/** See {@link Dialects#DYNAMO}. */
final class Dynamo {
  /** The kinds of model that Dynamo's gRPC server does not describe. */
  static final String HTTP_ONLY =
      "a chat or embedding model of NVIDIA Dynamo, which has only an HTTP API";

  private Dynamo() {}

  static DialectBuilder table() {
    return Dialect.builder("dynamo")
        .recognizedBy(Condition.platform("dynamo").and(Condition.declared("text_input")))
        .description(
            "A completions model behind `python -m dynamo.frontend --kserve-grpc-server`."
                + " Recognized by the platform `dynamo` of a model with the input `text_input`; the"
                + " server reports nothing about itself.")
        .input("text_input", BYTES, PROMPT)
        .input("stream", BOOL, STREAM, input -> input.whenAbsent(false).aliases("streaming"))
        .output("text_output", TEXT)
        .output("finish_reason", FINISH_REASON)
        .aggregateFromStream();
  }
}
