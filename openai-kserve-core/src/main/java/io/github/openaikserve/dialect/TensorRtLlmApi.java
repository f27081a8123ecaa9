package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.*;
import static io.github.openaikserve.dialect.ResponseField.*;
import static io.github.openaikserve.kserve.Datatype.*;

import io.github.openaikserve.internal.tensor.Numbers;
import io.github.openaikserve.kserve.Tensor;

/**
 * See {@link Dialects#TENSORRT_LLM_API}.
 *
 * <p>The model's {@code sampling_param_stop} is not sent, because its server passes the tensor's
 * bytes to a tokenizer that accepts only text, so every request with a stop sequence fails. Instead
 * this library cuts the text. An unstreamed answer with stop sequences is aggregated from a stream,
 * which this library can end.
 *
 * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code
 * triton_backend/all_models/llmapi/tensorrt_llm/1/helpers.py}, {@code
 * tensorrt_llm/sampling_params.py}.
 */
final class TensorRtLlmApi {
  private TensorRtLlmApi() {}

  static DialectBuilder table() {
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
