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
import static io.github.openaikserve.dialect.RequestField.SKIP_SPECIAL_TOKENS;
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

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.Tensor;

/** See {@link Dialects#TRITON_VLLM}. */
final class TritonVllmDialect {
  /** What a {@code response_format} is called since 25.11. */
  static final String STRUCTURED_OUTPUTS = "structured_outputs";

  /** What it was called until 25.10. */
  private static final String GUIDED_DECODING = "guided_decoding";

  private static final String EMBEDDING_REQUEST = "embedding_request";

  private TritonVllmDialect() {}

  static DialectBuilder table(String structuredOutputs) {
    DialectBuilder table =
        Triton.table("triton-vllm")
            .input("text_input", BYTES, PROMPT)
            .input("image", BYTES, IMAGES, input -> input.as(Guides::base64OfDataUrls))
            .input("stream", BOOL, STREAM, false)
            .inputJson(
                "sampling_parameters",
                json ->
                    json.field(MAX_TOKENS, Triton.UNLIMITED)
                        .fields(MIN_TOKENS, TEMPERATURE, TOP_P, TOP_K, MIN_P)
                        .fields(PRESENCE_PENALTY, FREQUENCY_PENALTY, REPETITION_PENALTY)
                        .fields(SEED, STOP, STOP_TOKEN_IDS, IGNORE_EOS, SKIP_SPECIAL_TOKENS)
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
            .notYetFinished("None")
            .knowsEndTokens() // vLLM reads them from the model's generation_config.json
            .embeddings(EmbeddingDialects.TRITON_VLLM);
    table.whenFitted = TritonVllmDialect::fit;
    return table;
  }

  private static void fit(DialectBuilder fitted, ModelDescription model) {
    if (!model.declaresInput(EMBEDDING_REQUEST)) {
      fitted.embeddings = null;
      // The input and the newer key came with the same release; nothing else tells of the key.
      fitted.renameJsonKey(STRUCTURED_OUTPUTS, GUIDED_DECODING);
    } else if (!fitted.metadata.isEmpty()) {
      fitted.embeddings = new VllmEmbeddings(fitted.metadata);
    }
    if (!model.declaresInput("return_num_input_tokens")) {
      // The input came in December 2024, a month before either key.
      fitted.removeFromJson(RESPONSE_FORMAT);
    }
    if (!model.declaresInput("exclude_input_in_output")) {
      // Before 24.03: all of the text so far, with the prompt in front.
      fitted.cumulativeText().echoesPrompt();
    }
    Triton.foldUnlessEndIsReported(fitted, model);
  }
}
