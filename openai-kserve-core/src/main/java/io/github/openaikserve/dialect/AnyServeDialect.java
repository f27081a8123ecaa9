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
        .input("max_tokens", INT32, MAX_TOKENS, -1)
        .input("temperature", FP32, TEMPERATURE, 1.0)
        .input("top_p", FP32, TOP_P, 1.0)
        .input("top_k", INT32, TOP_K)
        .output("text", TEXT)
        .output("token", TEXT)
        .output("finish_reason", FINISH_REASON)
        .notYetFinished("null")
        .untrusted("stop")
        .foldsFromStream();
  }
}
