package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.FREQUENCY_PENALTY;
import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.dialect.RequestField.MIN_TOKENS;
import static io.github.openaikserve.dialect.RequestField.PRESENCE_PENALTY;
import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.RequestField.REPETITION_PENALTY;
import static io.github.openaikserve.dialect.RequestField.RESPONSE_FORMAT;
import static io.github.openaikserve.dialect.RequestField.SEED;
import static io.github.openaikserve.dialect.RequestField.STOP;
import static io.github.openaikserve.dialect.RequestField.STREAM;
import static io.github.openaikserve.dialect.RequestField.STRUCTURED_OUTPUTS;
import static io.github.openaikserve.dialect.RequestField.TEMPERATURE;
import static io.github.openaikserve.dialect.RequestField.TOP_K;
import static io.github.openaikserve.dialect.RequestField.TOP_P;
import static io.github.openaikserve.dialect.ResponseField.COMPLETION_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.PROMPT_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.BOOL;
import static io.github.openaikserve.kserve.Datatype.BYTES;
import static io.github.openaikserve.kserve.Datatype.FP32;
import static io.github.openaikserve.kserve.Datatype.INT32;
import static io.github.openaikserve.kserve.Datatype.UINT64;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.Tensor;
import java.util.List;

/**
 * See {@link Dialects#TENSORRT_LLM}.
 *
 * <p>The end tokens of a chat template are sent as stop words: the server's preprocessing gives the
 * engine one end token, that of the tokenizer, and some models end a turn with another. The engine
 * compares tokens, so no text is held back.
 *
 * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code
 * triton_backend/all_models/inflight_batcher_llm/preprocessing/1/model.py}.
 */
final class TensorRtLlmDialect {
  private TensorRtLlmDialect() {}

  static DialectBuilder table(String name) {
    DialectBuilder table =
        Triton.table(name)
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
            .input("min_tokens", INT32, MIN_TOKENS, input -> input.aliases("min_length"))
            .input("seed", UINT64, SEED, input -> input.aliases("random_seed"))
            .input(
                "guided_decoding_guide_type",
                BYTES,
                RESPONSE_FORMAT,
                input -> input.as(Guides::tensorRtType))
            .input(
                "guided_decoding_guide",
                BYTES,
                RESPONSE_FORMAT,
                input -> input.as(Guides::schemaText))
            .input(
                "guided_decoding_guide_type",
                BYTES,
                STRUCTURED_OUTPUTS,
                input -> input.as(Guides::tensorRtConstraintType))
            .input(
                "guided_decoding_guide",
                BYTES,
                STRUCTURED_OUTPUTS,
                input -> input.as(Guides::tensorRtConstraint))
            .constant(Tensor.booleans("exclude_input_in_output", true))
            .constant(Tensor.booleans("return_num_input_tokens", true))
            .constant(Tensor.booleans("return_num_output_tokens", true))
            .output("text_output", TEXT)
            .output("num_input_tokens", PROMPT_TOKENS)
            .output("num_output_tokens", COMPLETION_TOKENS);
    table.whenFitted = TensorRtLlmDialect::fit;
    return table;
  }

  private static void fit(DialectBuilder fitted, ModelDescription model) {
    model
        .config()
        .map(config -> config.parameters().get("accumulate_tokens"))
        .ifPresent(accumulates -> fitted.cumulativeText = accumulates.equalsIgnoreCase("true"));
    if (!model.declaresInput("exclude_input_in_output")) {
      fitted.echoesPrompt();
    }
    Triton.foldUnlessEndIsReported(fitted, model);
    List<String> required = model.config().map(ModelConfig::requiredInputs).orElse(List.of());
    if (required.contains("stop_words")) { // before 23.11, as the next one
      fitted.alwaysSend("stop_words", "");
    }
    if (required.contains("bad_words")) {
      fitted.constant(Tensor.text("bad_words", ""));
    }
  }
}
