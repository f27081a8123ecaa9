package io.github.openaikserve.examples;

import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.RequestField.STREAM;
import static io.github.openaikserve.dialect.ResponseField.FINISH_REASON;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.BOOL;
import static io.github.openaikserve.kserve.Datatype.BYTES;
import static io.github.openaikserve.kserve.Datatype.INT32;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialect;

/** Describes another model server as a table of its tensors. */
public final class CustomDialectExample {
  static final Dialect ACME =
      Dialect.builder("acme")
          .input("prompt", BYTES, PROMPT)
          .input("max_new_tokens", INT32, MAX_TOKENS)
          .input("stream", BOOL, STREAM)
          .output("completion", TEXT)
          .output("stop_reason", FINISH_REASON)
          .decoupled()
          .build();

  private CustomDialectExample() {}

  /** Returns the service over a server with these tensors. */
  static OpenAiKServe openai(InferenceBackend backend) {
    return OpenAiKServe.builder(backend).model("acme-7b", ACME).build();
  }
}
