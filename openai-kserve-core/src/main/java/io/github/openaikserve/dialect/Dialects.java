package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.FREQUENCY_PENALTY;
import static io.github.openaikserve.dialect.RequestField.IGNORE_EOS;
import static io.github.openaikserve.dialect.RequestField.IMAGES;
import static io.github.openaikserve.dialect.RequestField.LOGPROBS;
import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.dialect.RequestField.MIN_P;
import static io.github.openaikserve.dialect.RequestField.MIN_TOKENS;
import static io.github.openaikserve.dialect.RequestField.PRESENCE_PENALTY;
import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.RequestField.REPETITION_PENALTY;
import static io.github.openaikserve.dialect.RequestField.RESPONSE_FORMAT;
import static io.github.openaikserve.dialect.RequestField.SEED;
import static io.github.openaikserve.dialect.RequestField.STOP;
import static io.github.openaikserve.dialect.RequestField.STOP_TOKEN_IDS;
import static io.github.openaikserve.dialect.RequestField.STREAM;
import static io.github.openaikserve.dialect.RequestField.TEMPERATURE;
import static io.github.openaikserve.dialect.RequestField.TOP_K;
import static io.github.openaikserve.dialect.RequestField.TOP_LOGPROBS;
import static io.github.openaikserve.dialect.RequestField.TOP_P;
import static io.github.openaikserve.dialect.ResponseField.COMPLETION_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.FINISH_REASON;
import static io.github.openaikserve.dialect.ResponseField.PROMPT_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.BOOL;
import static io.github.openaikserve.kserve.Datatype.BYTES;
import static io.github.openaikserve.kserve.Datatype.FP32;
import static io.github.openaikserve.kserve.Datatype.INT32;

import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;

/** The dialects that come with the library. */
public final class Dialects {
  /** More than any context holds: a server stops at the end of its own. */
  private static final int UNLIMITED = 1 << 20;

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

  /**
   * Triton with its vLLM backend, from 24.12 on for logprobs and token counts.
   *
   * <p>Always decoupled. Sampling parameters go as one JSON object with nothing but the keys that
   * vLLM has: an unknown one would fail the request. A {@code response_format} goes as {@code
   * structured_outputs}, which it is called since 25.11; {@link #tritonVllm} takes another name.
   * vLLM would generate 16 tokens where a request does not say how many.
   *
   * <p>Source: {@code triton-inference-server/vllm_backend}: {@code src/model.py}, {@code
   * src/utils/request.py}, {@code src/utils/vllm_backend_utils.py}.
   */
  public static final Dialect TRITON_VLLM = tritonVllm("structured_outputs").build();

  /**
   * The table of {@link #TRITON_VLLM}, to which rows can be added.
   *
   * @param structuredOutputs the key of a {@code response_format}: {@code guided_decoding} before
   *     25.11
   */
  public static DialectBuilder tritonVllm(String structuredOutputs) {
    return Dialect.builder("triton-vllm")
        .decoupled()
        .parameter("triton_enable_empty_final_response", InferParameter.of(true))
        .finalParameter("triton_final_response")
        .input("text_input", BYTES, PROMPT)
        .input("image", BYTES, IMAGES, Guides::base64OfDataUrls)
        .input("stream", BOOL, STREAM, false)
        .inputJson(
            "sampling_parameters",
            json ->
                json.field(MAX_TOKENS, UNLIMITED)
                    .fields(MIN_TOKENS, TEMPERATURE, TOP_P, TOP_K, MIN_P)
                    .fields(PRESENCE_PENALTY, FREQUENCY_PENALTY, REPETITION_PENALTY)
                    .fields(SEED, STOP, STOP_TOKEN_IDS, IGNORE_EOS)
                    .field("logprobs", LOGPROBS, asked -> 1)
                    .field("logprobs", TOP_LOGPROBS)
                    .field(structuredOutputs, RESPONSE_FORMAT, Guides::vllm))
        .input("return_logprobs", BOOL, LOGPROBS)
        .constant(Tensor.booleans("exclude_input_in_output", true))
        .constant(Tensor.booleans("return_finish_reason", true))
        .constant(Tensor.booleans("return_num_input_tokens", true))
        .constant(Tensor.booleans("return_num_output_tokens", true))
        .output("text_output", TEXT)
        .output("finish_reason", FINISH_REASON)
        .output("logprobs", ResponseField.LOGPROBS)
        .output("num_input_tokens", PROMPT_TOKENS)
        .output("num_output_tokens", COMPLETION_TOKENS)
        .notYetFinished("None");
  }
}
