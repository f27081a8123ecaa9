package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.RequestField.TEMPERATURE;
import static io.github.openaikserve.dialect.RequestField.TOP_K;
import static io.github.openaikserve.dialect.RequestField.TOP_P;
import static io.github.openaikserve.dialect.ResponseField.FINISH_REASON;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.BYTES;
import static io.github.openaikserve.kserve.Datatype.FP32;
import static io.github.openaikserve.kserve.Datatype.INT32;

/** See {@link Dialects#ANYSERVE}. */
final class AnyServeDialect {
  /** Replaces the worker's default of 256, which would cut the answer short. */
  private static final int UNTIL_CONTEXT_IS_FULL = -1;

  private AnyServeDialect() {}

  static DialectBuilder table(String name) {
    return capability(name, "generate", "generate_stream", "llamacpp")
        .modelInfo("model_info", "model_name")
        .embeddings(EmbeddingDialects.ANYSERVE);
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
        .notYetFinished("null")
        .untrusted("stop")
        .foldsFromStream();
  }
}
