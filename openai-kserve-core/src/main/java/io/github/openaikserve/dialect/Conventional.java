package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.FREQUENCY_PENALTY;
import static io.github.openaikserve.dialect.RequestField.IGNORE_EOS;
import static io.github.openaikserve.dialect.RequestField.MAX_TOKENS;
import static io.github.openaikserve.dialect.RequestField.MIN_P;
import static io.github.openaikserve.dialect.RequestField.MIN_TOKENS;
import static io.github.openaikserve.dialect.RequestField.PRESENCE_PENALTY;
import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.RequestField.REPETITION_PENALTY;
import static io.github.openaikserve.dialect.RequestField.SEED;
import static io.github.openaikserve.dialect.RequestField.STOP;
import static io.github.openaikserve.dialect.RequestField.STREAM;
import static io.github.openaikserve.dialect.RequestField.TEMPERATURE;
import static io.github.openaikserve.dialect.RequestField.TOP_K;
import static io.github.openaikserve.dialect.RequestField.TOP_P;
import static io.github.openaikserve.dialect.ResponseField.COMPLETION_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.FINISH_REASON;
import static io.github.openaikserve.dialect.ResponseField.PROMPT_TOKENS;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.BOOL;
import static io.github.openaikserve.kserve.Datatype.BYTES;
import static io.github.openaikserve.kserve.Datatype.FP32;
import static io.github.openaikserve.kserve.Datatype.INT32;
import static io.github.openaikserve.kserve.Datatype.INT64;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.util.List;
import java.util.function.Consumer;

/**
 * The names that models of no known server usually give their tensors. Of use only when fitted to a
 * model: what it does not declare is never sent.
 *
 * <p>Source: the templates and samples of {@code triton-inference-server} and {@code
 * NVIDIA/TensorRT-LLM}, {@code ai-dynamo/aiperf}, and the Open Inference Protocol's own {@code
 * generate_rest.yaml}.
 */
final class Conventional {
  /** In the order in which they are looked for. */
  static final List<String> PROMPTS =
      List.of("text_input", "prompt", "text", "input_text", "inputs", "input", "INPUT", "query");

  /** In the order in which they are looked for. */
  static final List<String> TEXTS =
      List.of(
          "text_output",
          "text",
          "generated_text",
          "output_text",
          "completion",
          "output",
          "OUTPUT",
          "outputs",
          "response");

  private Conventional() {}

  /** A table with the names under which the model takes prompts and gives texts. */
  static DialectBuilder table(String prompt, String text, ModelDescription model) {
    DialectBuilder table =
        Dialect.builder("generic")
            .input(prompt, BYTES, PROMPT, input -> asText(input, model))
            .input("max_tokens", INT32, MAX_TOKENS, aliased("max_new_tokens", "max_output_tokens"))
            .input("stream", BOOL, STREAM, aliased("streaming"))
            .input("temperature", FP32, TEMPERATURE)
            .input("top_p", FP32, TOP_P)
            .input("top_k", INT32, TOP_K)
            .input("min_p", FP32, MIN_P)
            .input("repetition_penalty", FP32, REPETITION_PENALTY)
            .input("presence_penalty", FP32, PRESENCE_PENALTY)
            .input("frequency_penalty", FP32, FREQUENCY_PENALTY)
            .input("seed", INT64, SEED, aliased("random_seed"))
            .input("stop", BYTES, STOP, aliased("stop_words", "stop_sequences"))
            .input("min_tokens", INT32, MIN_TOKENS, aliased("min_new_tokens", "min_length"))
            .input("ignore_eos", BOOL, IGNORE_EOS)
            .constant(Tensor.booleans("exclude_input_in_output", true))
            .constant(Tensor.booleans("return_full_text", false))
            .output(text, TEXT)
            .output("finish_reason", FINISH_REASON)
            .output("stop_reason", FINISH_REASON)
            .output("num_input_tokens", PROMPT_TOKENS)
            .output("num_output_tokens", COMPLETION_TOKENS)
            .notYetFinished("None", "null");
    if (model.isMlServer()) {
      table.bareStreams();
    }
    return model.isTriton() ? Triton.withMarkedEnd(table) : table;
  }

  /** MLServer takes bytes for text only if it is told so. */
  private static void asText(InputBuilder input, ModelDescription model) {
    if (model.isMlServer()) {
      input.parameter("content_type", InferParameter.of("str"));
    }
  }

  private static Consumer<InputBuilder> aliased(String... names) {
    return input -> input.aliases(names);
  }
}
