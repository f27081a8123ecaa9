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

/** The dialects that come with the library. */
public final class Dialects {
  private Dialects() {}

  /**
   * AnyServe with its llama.cpp worker.
   *
   * <p>The model name is a capability and the model version its {@code model} attribute. Only typed
   * contents are read. The defaults stand for OpenAI's, which are not the worker's own (256 tokens,
   * temperature 0.7, top_p 0.95): a negative {@code max_tokens} is "until the context is full". A
   * stream says {@code null} until it says {@code stop}; a unary answer tells neither why it ended
   * nor how long it is. An answer without outputs is how a failed handler looks. Embeds as {@link
   * EmbeddingDialects#ANYSERVE} says, which AnyServe's own llama.cpp worker has no capability for:
   * its dispatcher then answers NOT_FOUND.
   *
   * <p>Source: {@code simpx/anyserve}: {@code python/anyserve/builtins/llamacpp/app.py}, {@code
   * engine.py}, {@code python/anyserve/kserve.py}.
   */
  public static final Dialect ANYSERVE = anyServe("anyserve").build();

  /** The table of {@link #ANYSERVE}, for a worker that takes more: rows can be added to it. */
  public static DialectBuilder anyServe(String name) {
    return Dialect.builder(name)
        .modelNames("generate", "generate_stream")
        .modelVersion("llamacpp")
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
        .foldsFromStream()
        .modelInfo("model_info", "model_name")
        .embeddings(EmbeddingDialects.ANYSERVE);
  }
}
