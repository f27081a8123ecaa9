package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.*;
import static io.github.openaikserve.dialect.ResponseField.*;
import static io.github.openaikserve.kserve.Datatype.*;

/** See {@link Dialects#ANYSERVE}. */
final class AnyServe {
  /** Replaces the worker's default of 256, which would cut the answer short. */
  private static final int UNTIL_CONTEXT_IS_FULL = -1;

  /** The explanation of a detection by the server's name only. */
  static final String UNDECLARED =
      "AnyServe does not report tensors; the tensors of its llama.cpp worker are assumed.";

  private AnyServe() {}

  static DialectBuilder table(String name) {
    return capability(name, "generate", "generate_stream", "llamacpp")
        .recognizedBy(Condition.server("anyserve"))
        .description(
            "Recognized by the server's name for itself, `anyserve` or `anyserve-ingress`.")
        .modelInfo("model_info", "model_name")
        .also(embeddings("embed", "").build());
  }

  static DialectBuilder capability(String name, String type, String streamType, String model) {
    return Dialect.builder(name)
        .modelNames(type, streamType)
        .modelVersion(model)
        .input("prompt", BYTES, PROMPT)
        .input("max_tokens", INT32, MAX_TOKENS, UNTIL_CONTEXT_IS_FULL)
        .input("temperature", FP32, TEMPERATURE)
        .input("top_p", FP32, TOP_P)
        .input("top_k", INT32, TOP_K)
        .output("text", TEXT)
        .output("token", TEXT)
        .output("finish_reason", FINISH_REASON)
        .runningFinishReasons("null")
        .unreliableFinishReasons("stop")
        .aggregateFromStream();
  }

  /**
   * Returns a table for embeddings with one text per call, because handlers need not be
   * thread-safe.
   */
  static DialectBuilder embeddings(String type, String model) {
    return Dialect.builder("anyserve")
        .modelName(type)
        .modelVersion(model)
        .input("text", BYTES, INPUT)
        .output("embedding", EMBEDDING)
        .maxBatch(1)
        .maxConcurrency(1);
  }
}
