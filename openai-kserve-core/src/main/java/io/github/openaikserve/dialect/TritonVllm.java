package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.*;
import static io.github.openaikserve.dialect.ResponseField.COMPLETION_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.FINISH_REASON;
import static io.github.openaikserve.dialect.ResponseField.PROMPT_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.*;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.tensor.GuidedDecoding;
import io.github.openaikserve.internal.tensor.Numbers;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** See {@link Dialects#TRITON_VLLM}. */
final class TritonVllm {
  /** The key for {@code response_format} since 25.11. */
  static final String STRUCTURED_OUTPUTS = "structured_outputs";

  /** The key until 25.10. */
  private static final String GUIDED_DECODING = "guided_decoding";

  private static final String BASE64 = ";base64,";

  /** The number of concurrent calls, which vLLM batches itself. */
  private static final int CALLS = 8;

  /**
   * Since 24.03. Earlier releases (vLLM 0.2 or 0.3) return the whole text so far, preceded by the
   * prompt.
   */
  private static final Condition SINCE_2403 = Condition.declared("exclude_input_in_output");

  /** Since 24.05, the first minor version whose backend takes {@code lora_name}. */
  private static final Condition SINCE_2405 = SINCE_2403.and(Condition.tritonBefore(2, 46).not());

  /** Since 24.12. */
  private static final Condition SINCE_2412 = Condition.declared("return_logprobs");

  /**
   * Since 25.01. The input was added in December 2024, one release before either key. Release 24.12
   * has the input, but passes the key on as text.
   */
  private static final Condition SINCE_2501 =
      Condition.declared("return_num_input_tokens").and(Condition.tritonBefore(2, 54).not());

  /**
   * Since 25.11. The input and the newer key were added together; nothing else shows whether the
   * key exists.
   */
  private static final Condition SINCE_2511 = Condition.declared("embedding_request");

  /** Since 25.04, with vLLM 0.8. */
  private static final Condition SINCE_2504 = SINCE_2511.or(Condition.tritonSince(2, 57));

  private TritonVllm() {}

  /** Returns the table. Each release accepts everything that the previous one accepted. */
  static DialectBuilder table(String key) {
    Condition newest = key.equals(GUIDED_DECODING) ? Condition.NEVER : SINCE_2511;
    return Triton.table("triton-vllm")
        .recognizedBy(Condition.declared("text_input", "sampling_parameters"))
        .description("Recognized by the inputs `text_input` and `sampling_parameters`.")
        .input("text_input", BYTES, PROMPT)
        .input("image", BYTES, IMAGES, input -> input.as(TritonVllm::base64OfDataUrls))
        .input("stream", BOOL, STREAM, false)
        .inputJson("sampling_parameters", json -> parameters(json, key, newest))
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
        .runningFinishReasons("None")
        .knowsEndTokens() // vLLM reads end tokens from the model's generation_config.json
        .when(SINCE_2511, newer -> newer.also(embeddings()))
        .when(SINCE_2403.not(), older -> older.cumulativeText().promptInOutput())
        .when(
            Condition.withoutOutputs("finish_reason", "num_output_tokens"),
            DialectBuilder::aggregateFromStream);
  }

  private static void parameters(JsonInputBuilder json, String key, Condition newest) {
    json.field(MAX_TOKENS, Triton.UNLIMITED)
        .when(SINCE_2403, keys -> keys.fields(MIN_TOKENS))
        .fields(TEMPERATURE)
        .field("top_p", TOP_P, Numbers::topPAboveZero)
        .field("top_k", TOP_K, Numbers::topKOffAsMinusOne)
        .when(SINCE_2403, keys -> keys.fields(MIN_P))
        .fields(PRESENCE_PENALTY, FREQUENCY_PENALTY)
        .when(SINCE_2504, keys -> keys.fields(REPETITION_PENALTY))
        .when(
            SINCE_2504.not(),
            keys -> keys.field("repetition_penalty", REPETITION_PENALTY, TritonVllm::atMostTwo))
        .when(SINCE_2403, keys -> keys.fields(SEED))
        .fields(STOP, STOP_TOKEN_IDS, IGNORE_EOS, SKIP_SPECIAL_TOKENS)
        .when(
            SINCE_2403,
            keys -> keys.fields(INCLUDE_STOP_STR_IN_OUTPUT, SPACES_BETWEEN_SPECIAL_TOKENS))
        .when(SINCE_2504, keys -> keys.fields(BAD_WORDS, ALLOWED_TOKEN_IDS))
        .when(SINCE_2405, keys -> keys.fields(LORA_NAME))
        .when(newest, keys -> keys.field("extra_args", VLLM_XARGS))
        .when(
            SINCE_2412,
            keys -> keys.field("logprobs", LOGPROBS, asked -> 1).field("logprobs", TOP_LOGPROBS))
        .when(
            SINCE_2501.and(newest),
            keys ->
                keys.field(key, RESPONSE_FORMAT, TritonVllm::constraint)
                    .field(key, RequestField.STRUCTURED_OUTPUTS, JsonCodec::writeValue))
        .when(
            SINCE_2501.and(newest.not()),
            keys ->
                keys.field(GUIDED_DECODING, RESPONSE_FORMAT, TritonVllm::constraint)
                    .field(
                        GUIDED_DECODING,
                        RequestField.STRUCTURED_OUTPUTS,
                        GuidedDecoding::vllmGuidedDecoding));
  }

  /**
   * Returns the table for embeddings, with one text or one list of token ids per call. The backend
   * reserves {@code embedding_request} for Triton's own OpenAI frontend and may change it.
   *
   * <p>Source: {@code triton-inference-server/vllm_backend}: {@code src/model.py}, {@code
   * src/utils/request.py}.
   */
  static Dialect embeddings() {
    return Dialect.builder("triton-vllm")
        .decoupled()
        .inputJson(
            "embedding_request",
            json ->
                json.field("input", INPUT, texts -> ((List<?>) texts).get(0))
                    .field("input", INPUT_TOKENS)
                    .field(
                        "pooling_params",
                        DIMENSIONS,
                        length -> Map.of("dimensions", List.of(length))))
        .constant(Tensor.booleans("return_num_input_tokens", true))
        .outputJsonVector("text_output")
        .output("num_input_tokens", PROMPT_TOKENS)
        .maxBatch(1)
        .maxConcurrency(CALLS)
        .build();
  }

  /**
   * Returns the base64 content of images given as {@code data:} URLs.
   *
   * @throws InvalidRequestException if a URL is not a {@code data:} URL, because nothing is fetched
   */
  private static Object base64OfDataUrls(Object urls) {
    List<String> pictures = new ArrayList<>();
    for (Object url : (List<?>) urls) {
      String text = String.valueOf(url);
      int base64 = text.indexOf(BASE64);
      if (!text.startsWith("data:") || base64 < 0) {
        throw InvalidRequestException.badValue(
            "messages",
            "unsupported_value",
            "Invalid 'image_url': this model accepts only 'data:' URLs with base64.");
      }
      pictures.add(text.substring(base64 + BASE64.length()));
    }
    return pictures;
  }

  /** Returns a {@code response_format} as JSON text within JSON. */
  private static Object constraint(Object responseFormat) {
    return JsonCodec.writeValue(GuidedDecoding.structuredOutputs(responseFormat));
  }

  /**
   * Checks the limit of vLLM before 0.8, whose own message does not explain it.
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
