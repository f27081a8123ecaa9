package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.ALLOWED_TOKEN_IDS;
import static io.github.openaikserve.dialect.RequestField.BAD_WORDS;
import static io.github.openaikserve.dialect.RequestField.FREQUENCY_PENALTY;
import static io.github.openaikserve.dialect.RequestField.IGNORE_EOS;
import static io.github.openaikserve.dialect.RequestField.IMAGES;
import static io.github.openaikserve.dialect.RequestField.INCLUDE_STOP_STR_IN_OUTPUT;
import static io.github.openaikserve.dialect.RequestField.LOGPROBS;
import static io.github.openaikserve.dialect.RequestField.LORA_NAME;
import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.dialect.RequestField.MIN_P;
import static io.github.openaikserve.dialect.RequestField.MIN_TOKENS;
import static io.github.openaikserve.dialect.RequestField.PRESENCE_PENALTY;
import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.RequestField.REPETITION_PENALTY;
import static io.github.openaikserve.dialect.RequestField.RESPONSE_FORMAT;
import static io.github.openaikserve.dialect.RequestField.SEED;
import static io.github.openaikserve.dialect.RequestField.SKIP_SPECIAL_TOKENS;
import static io.github.openaikserve.dialect.RequestField.SPACES_BETWEEN_SPECIAL_TOKENS;
import static io.github.openaikserve.dialect.RequestField.STOP;
import static io.github.openaikserve.dialect.RequestField.STOP_TOKEN_IDS;
import static io.github.openaikserve.dialect.RequestField.STREAM;
import static io.github.openaikserve.dialect.RequestField.TEMPERATURE;
import static io.github.openaikserve.dialect.RequestField.TOP_K;
import static io.github.openaikserve.dialect.RequestField.TOP_LOGPROBS;
import static io.github.openaikserve.dialect.RequestField.TOP_P;
import static io.github.openaikserve.dialect.RequestField.VLLM_XARGS;
import static io.github.openaikserve.dialect.ResponseField.COMPLETION_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.FINISH_REASON;
import static io.github.openaikserve.dialect.ResponseField.PROMPT_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.BOOL;
import static io.github.openaikserve.kserve.Datatype.BYTES;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.Tensor;

/** See {@link Dialects#TRITON_VLLM}. */
final class TritonVllmDialect {
  /** What a {@code response_format} is called since 25.11. */
  static final String STRUCTURED_OUTPUTS = "structured_outputs";

  /** What it was called until 25.10. */
  private static final String GUIDED_DECODING = "guided_decoding";

  /** Triton 24.05, the first minor version whose backend takes {@code lora_name}. */
  private static final int TAKES_LORA_NAMES = 46;

  /** Triton 25.01. Version 24.12 has the inputs of its time, but hands the key on as a text. */
  private static final int PARSES_GUIDED_DECODING = 54;

  /** Triton 25.04, with vLLM 0.8. */
  private static final int VLLM_WITH_BAD_WORDS = 57;

  private static final String EMBEDDING_REQUEST = "embedding_request";

  private TritonVllmDialect() {}

  static DialectBuilder table(String structuredOutputs) {
    DialectBuilder table =
        Triton.table("triton-vllm")
            .input("text_input", BYTES, PROMPT)
            .input("image", BYTES, IMAGES, input -> input.as(Guides::base64OfDataUrls))
            .input("stream", BOOL, STREAM, false)
            .inputJson("sampling_parameters", json -> parameters(json, structuredOutputs))
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
    if (structuredOutputs.equals(GUIDED_DECODING)) {
      withGuidedDecoding(table);
    }
    table.whenFitted = TritonVllmDialect::fit;
    return table;
  }

  private static void parameters(JsonInputBuilder json, String structuredOutputs) {
    json.field(MAX_TOKENS, Triton.UNLIMITED)
        .fields(MIN_TOKENS, TEMPERATURE)
        .field("top_p", TOP_P, Numbers::topPAboveZero)
        .field("top_k", TOP_K, Numbers::topKOffAsMinusOne)
        .fields(MIN_P, PRESENCE_PENALTY, FREQUENCY_PENALTY, REPETITION_PENALTY)
        .fields(SEED, STOP, STOP_TOKEN_IDS, IGNORE_EOS, SKIP_SPECIAL_TOKENS)
        .fields(INCLUDE_STOP_STR_IN_OUTPUT, SPACES_BETWEEN_SPECIAL_TOKENS)
        .fields(BAD_WORDS, ALLOWED_TOKEN_IDS, LORA_NAME)
        .field("extra_args", VLLM_XARGS)
        .field("logprobs", LOGPROBS, asked -> 1)
        .field("logprobs", TOP_LOGPROBS)
        .field(structuredOutputs, RESPONSE_FORMAT, Guides::vllm)
        .field(structuredOutputs, RequestField.STRUCTURED_OUTPUTS, Guides::vllmConstraint);
  }

  /** The table of the releases before 25.11. */
  private static void withGuidedDecoding(DialectBuilder table) {
    table.renameJsonKey(STRUCTURED_OUTPUTS, GUIDED_DECODING);
    table.reformJson(RequestField.STRUCTURED_OUTPUTS, Guides::vllmGuidedDecoding);
    table.removeFromJson(VLLM_XARGS);
  }

  /** Every release takes what the one before took, and more. */
  private static void fit(DialectBuilder fitted, ModelDescription model) {
    if (!model.declaresInput(EMBEDDING_REQUEST)) { // before 25.11
      fitted.embeddings = null;
      // The input and the newer key came with the same release; nothing else tells of the key.
      withGuidedDecoding(fitted);
      if (!model.isTritonSince(2, VLLM_WITH_BAD_WORDS)) {
        fitted.removeFromJson(BAD_WORDS, ALLOWED_TOKEN_IDS);
        fitted.reformJson(REPETITION_PENALTY, TritonVllmDialect::atMostTwo);
      }
    } else if (!fitted.metadata.isEmpty()) {
      fitted.embeddings = new VllmEmbeddings(fitted.metadata);
    }
    if (!model.declaresInput("return_num_input_tokens")
        || model.isTritonBefore(2, PARSES_GUIDED_DECODING)) {
      // The input came in December 2024, a release before either key.
      fitted.removeFromJson(RESPONSE_FORMAT, RequestField.STRUCTURED_OUTPUTS);
    }
    if (!model.declaresInput("return_logprobs")) { // before 24.12
      fitted.removeFromJson(LOGPROBS, TOP_LOGPROBS);
    }
    if (!model.declaresInput("exclude_input_in_output")
        || model.isTritonBefore(2, TAKES_LORA_NAMES)) {
      fitted.removeFromJson(LORA_NAME);
    }
    if (!model.declaresInput("exclude_input_in_output")) {
      // Before 24.03: all of the text so far, with the prompt in front; vLLM 0.2 or 0.3.
      fitted.cumulativeText().echoesPrompt();
      fitted.removeFromJson(
          SEED, MIN_TOKENS, MIN_P, INCLUDE_STOP_STR_IN_OUTPUT, SPACES_BETWEEN_SPECIAL_TOKENS);
    }
    Triton.foldUnlessEndIsReported(fitted, model);
  }

  /**
   * The limit of vLLM before 0.8, whose message would not say so.
   *
   * @throws InvalidRequestException if the penalty is larger
   */
  private static Object atMostTwo(Object penalty) {
    if (((Number) penalty).doubleValue() > 2) {
      throw InvalidRequestException.badValue(
          "repetition_penalty",
          "invalid_value",
          "Invalid 'repetition_penalty': this model's server takes at most 2.");
    }
    return penalty;
  }
}
