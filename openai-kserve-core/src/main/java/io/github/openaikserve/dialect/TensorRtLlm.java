package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.*;
import static io.github.openaikserve.dialect.ResponseField.*;
import static io.github.openaikserve.kserve.Datatype.*;

import io.github.openaikserve.internal.tensor.GuidedDecoding;
import io.github.openaikserve.internal.tensor.Numbers;
import io.github.openaikserve.kserve.Tensor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** See {@link Dialects#TENSORRT_LLM} and {@link Dialects#TENSORRT_LLM_API}. */
final class TensorRtLlm {
  /** The explanation why the engine itself cannot be called. */
  static final String ENGINE =
      "it takes token ids, because it is TensorRT-LLM's engine itself; call the model 'ensemble'"
          + " or 'tensorrt_llm_bls' that wraps it";

  private static final String GUIDE_TYPE = "guided_decoding_guide_type";
  private static final String GUIDE = "guided_decoding_guide";

  private TensorRtLlm() {}

  /**
   * Returns the table of {@link Dialects#TENSORRT_LLM}.
   *
   * <p>The end tokens of a chat template are sent as stop words, because the server's preprocessing
   * passes only the tokenizer's end token to the engine, and some models end a turn with another
   * token. The engine compares tokens, so it does not hold text back.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code
   * triton_backend/all_models/inflight_batcher_llm/preprocessing/1/model.py}.
   */
  static DialectBuilder table(String name) {
    return Triton.table(name)
        .recognizedBy(
            Condition.server("triton")
                .and(Condition.declared("text_input", "max_tokens", "stop_words")))
        .description(
            "Recognized on Triton by the inputs `text_input`, `max_tokens` and `stop_words`;"
                + " `accumulate_tokens` is read from the model's configuration.")
        .batchDimension()
        .input("text_input", BYTES, PROMPT)
        .input("max_tokens", INT32, MAX_TOKENS, Triton.UNLIMITED)
        .input("stream", BOOL, STREAM, false)
        .input("stop_words", BYTES, STOP)
        .input("temperature", FP32, TEMPERATURE)
        .input("top_p", FP32, TOP_P, Triton::topP)
        .input("top_k", INT32, TOP_K, in -> in.as(Numbers::topKOffAsZero))
        .input("repetition_penalty", FP32, REPETITION_PENALTY)
        .input("presence_penalty", FP32, PRESENCE_PENALTY)
        .input("frequency_penalty", FP32, FREQUENCY_PENALTY)
        .input("min_tokens", INT32, MIN_TOKENS, in -> in.aliases("min_length"))
        .input("seed", UINT64, SEED, in -> in.aliases("random_seed"))
        .input(GUIDE_TYPE, BYTES, RESPONSE_FORMAT, ofFormat(GuidedDecoding::tensorRtGuideType))
        .input(GUIDE, BYTES, RESPONSE_FORMAT, ofFormat(GuidedDecoding::tensorRtGuide))
        .input(
            GUIDE_TYPE, BYTES, STRUCTURED_OUTPUTS, in -> in.as(GuidedDecoding::tensorRtGuideType))
        .input(GUIDE, BYTES, STRUCTURED_OUTPUTS, in -> in.as(GuidedDecoding::tensorRtGuide))
        .constant(Tensor.booleans("exclude_input_in_output", true))
        .constant(Tensor.booleans("return_num_input_tokens", true))
        .constant(Tensor.booleans("return_num_output_tokens", true))
        .output("text_output", TEXT)
        .output("num_input_tokens", PROMPT_TOKENS)
        .output("num_output_tokens", COMPLETION_TOKENS)
        .when(Condition.configured("accumulate_tokens"), DialectBuilder::incrementalText)
        .when(Condition.enabled("accumulate_tokens"), DialectBuilder::cumulativeText)
        .when(Condition.declared("exclude_input_in_output").not(), DialectBuilder::promptInOutput)
        .when(Condition.withoutOutputs("num_output_tokens"), DialectBuilder::aggregateFromStream)
        // Releases before 23.11 require both.
        .when(Condition.required("stop_words"), old -> old.input("stop_words", BYTES, STOP, ""))
        .when(Condition.required("bad_words"), old -> old.constant(Tensor.text("bad_words", "")));
  }

  private static Consumer<InputBuilder> ofFormat(Function<Object, @Nullable Object> guide) {
    return in -> in.as(format -> guide.apply(GuidedDecoding.structuredOutputs(format)));
  }

  /**
   * Returns the table of {@link Dialects#TENSORRT_LLM_API}.
   *
   * <p>The model's {@code sampling_param_stop} is not sent, because its server passes the tensor's
   * bytes to a tokenizer that accepts only text, so every request with a stop sequence fails.
   * Instead this library cuts the text. An unstreamed answer with stop sequences is aggregated from
   * a stream, which this library can end.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code
   * triton_backend/all_models/llmapi/tensorrt_llm/1/helpers.py}, {@code
   * tensorrt_llm/sampling_params.py}.
   */
  static DialectBuilder llmApi() {
    return Triton.table("tensorrt-llm-api")
        .recognizedBy(Condition.declared("sampling_param_max_tokens"))
        .description("Recognized by the input `sampling_param_max_tokens`.")
        .input("text_input", BYTES, PROMPT)
        .input("streaming", BOOL, STREAM, input -> input.whenAbsent(false).aliases("stream"))
        .input("sampling_param_max_tokens", INT32, MAX_TOKENS, Triton.UNLIMITED)
        .input("sampling_param_temperature", FP32, TEMPERATURE)
        .input("sampling_param_top_p", FP32, TOP_P, Triton::topP)
        .input("sampling_param_top_k", INT32, TOP_K, in -> in.as(Numbers::topKOffAsZero))
        .input("sampling_param_presence_penalty", FP32, PRESENCE_PENALTY)
        .input("sampling_param_frequency_penalty", FP32, FREQUENCY_PENALTY)
        .input("sampling_param_seed", UINT64, SEED)
        .constant(Tensor.booleans("sampling_param_exclude_input_from_output", true))
        .constant(Tensor.booleans("return_finish_reason", true))
        .output("text_output", TEXT)
        .output("finish_reason", FINISH_REASON)
        .runningFinishReasons("None")
        .cumulativeText()
        .knowsEndTokens()
        .foldsToStop();
  }
}
