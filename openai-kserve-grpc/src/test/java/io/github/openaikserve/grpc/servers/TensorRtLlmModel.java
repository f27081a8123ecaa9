package io.github.openaikserve.grpc.servers;

import static io.github.openaikserve.grpc.servers.TritonModel.TensorSpec.optional;
import static io.github.openaikserve.grpc.servers.TritonModel.TensorSpec.required;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * TensorRT-LLM's classic text models: the ensemble, and the model with business logic scripting
 * (BLS), which marks the end itself and may accumulate tokens. They have a batch dimension, keep
 * the stop word in the text, and report no finish reasons.
 *
 * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code triton_backend/all_models/inflight_batcher_llm},
 * and the history of {@code triton-inference-server/tensorrtllm_backend}.
 */
public final class TensorRtLlmModel implements TritonModel {
  private final boolean bls;
  private final boolean decoupled;
  private final boolean accumulates;
  private final boolean old;
  private final boolean counts;

  private TensorRtLlmModel(boolean bls, boolean decoupled, boolean accumulates, boolean old) {
    this(bls, decoupled, accumulates, old, !old);
  }

  private TensorRtLlmModel(
      boolean bls, boolean decoupled, boolean accumulates, boolean old, boolean counts) {
    this.bls = bls;
    this.decoupled = decoupled;
    this.accumulates = accumulates;
    this.old = old;
    this.counts = counts;
  }

  /** Returns the model {@code ensemble} of the newest release. */
  public static TensorRtLlmModel ensemble(boolean decoupled) {
    return new TensorRtLlmModel(false, decoupled, false, false);
  }

  /** Returns the model {@code ensemble} of 2023, with other names, types and required inputs. */
  public static TensorRtLlmModel oldEnsemble() {
    return new TensorRtLlmModel(false, true, false, true);
  }

  /** Returns this model in a release that does not count tokens, such as 0.19. */
  public TensorRtLlmModel withoutCounts() {
    return new TensorRtLlmModel(bls, decoupled, accumulates, old, false);
  }

  /** Returns the model {@code tensorrt_llm_bls} of the newest release. */
  public static TensorRtLlmModel bls(boolean accumulates) {
    return new TensorRtLlmModel(true, true, accumulates, false);
  }

  @Override
  public String name() {
    return bls ? "tensorrt_llm_bls" : "ensemble";
  }

  @Override
  public String backend() {
    return bls ? "python" : "ensemble";
  }

  @Override
  public int maxBatchSize() {
    return 8;
  }

  @Override
  public boolean decoupled() {
    return decoupled;
  }

  @Override
  public Map<String, String> parameters() {
    return bls ? Map.of("accumulate_tokens", String.valueOf(accumulates)) : Map.of();
  }

  @Override
  public List<TensorSpec> inputs() {
    String integer = old ? "UINT32" : "INT32";
    List<TensorSpec> inputs =
        new ArrayList<>(
            List.of(
                required("text_input", "BYTES", old ? -1 : 1),
                required("max_tokens", integer, old ? -1 : 1),
                new TensorSpec("bad_words", "BYTES", List.of(-1L), !old),
                new TensorSpec("stop_words", "BYTES", List.of(-1L), !old),
                optional("end_id", integer, 1),
                optional("pad_id", integer, 1),
                optional("top_k", integer, 1),
                optional("top_p", "FP32", 1),
                optional("temperature", "FP32", 1),
                optional("length_penalty", "FP32", 1),
                optional("repetition_penalty", "FP32", 1),
                optional(old ? "min_length" : "min_tokens", integer, 1),
                optional("presence_penalty", "FP32", 1),
                optional(old ? "random_seed" : "seed", "UINT64", 1),
                optional("beam_width", integer, 1),
                optional("stream", "BOOL", 1)));
    if (!old) {
      inputs.add(optional("frequency_penalty", "FP32", 1));
      inputs.add(optional("num_return_sequences", "INT32", 1));
      inputs.add(optional("return_log_probs", "BOOL", 1));
      inputs.add(optional("exclude_input_in_output", "BOOL", 1));
      inputs.add(optional("guided_decoding_guide_type", "BYTES", 1));
      inputs.add(optional("guided_decoding_guide", "BYTES", 1));
    }
    if (counts) {
      inputs.add(optional("return_num_input_tokens", "BOOL", 1));
      inputs.add(optional("return_num_output_tokens", "BOOL", 1));
    }
    return inputs;
  }

  @Override
  public List<TensorSpec> outputs() {
    return !counts
        ? List.of(required("text_output", "BYTES", -1))
        : List.of(
            required("text_output", "BYTES", -1),
            required("cum_log_probs", "FP32", -1),
            required("output_log_probs", "FP32", -1, -1),
            required("num_input_tokens", "INT32", 1),
            required("num_output_tokens", "INT32", 1));
  }

  @Override
  public void infer(Inputs inputs, Replies replies) {
    int limit = inputs.integer("max_tokens", 0);
    boolean stream = inputs.flag("stream");
    if (limit <= 0) {
      fail(replies, "Expected 'request_output_len' to be positive");
    } else if (stream && !decoupled) {
      fail(replies, "Streaming is only supported if model is deployed using decoupled mode.");
    } else {
      Script.Run run =
          Script.run(inputs.text("text_input"), limit, inputs.texts("stop_words"), true);
      generate(inputs, guided(inputs, run), stream, replies);
    }
  }

  private void generate(Inputs inputs, Script.Run run, boolean stream, Replies replies) {
    List<String> pieces = run.pieces();
    for (int i = 0; stream && i < pieces.size(); i++) {
      String text = accumulates ? String.join("", pieces.subList(0, i + 1)) : pieces.get(i);
      boolean last = i == pieces.size() - 1 && run.ending() == Script.Ending.FINISH;
      send(replies, outputs(inputs, run, text, 1), last);
    }
    switch (run.ending()) {
      case FAILURE ->
          fail(
              replies,
              "Executor failed process requestId 7 due to the following error:"
                  + " Encountered an error in forwardAsync function: out of memory"
                  + (bls ? "\nTraceback (most recent call last):\n  File \"model.py\"" : ""));
      case FINISH -> {
        if (!stream) {
          send(replies, whole(inputs, run), true);
        }
      }
      case SILENCE -> {}
    }
  }

  /** A whole answer includes the prompt in text and count, unless the request excludes it. */
  private Outputs whole(Inputs inputs, Script.Run run) {
    boolean echo = !inputs.flag("exclude_input_in_output");
    String text = (echo ? inputs.text("text_input") : "") + run.text();
    return outputs(inputs, run, text, run.pieces().size() + (echo ? run.promptTokens() : 0));
  }

  /** The text has no batch dimension, unlike the other outputs. */
  private static Outputs outputs(Inputs inputs, Script.Run run, String text, int tokens) {
    Outputs outputs = new Outputs(true).text("text_output", text, 1);
    if (inputs.flag("return_num_input_tokens")) {
      outputs.int32("num_input_tokens", run.promptTokens(), 1, 1);
    }
    if (inputs.flag("return_num_output_tokens")) {
      outputs.int32("num_output_tokens", tokens, 1, 1);
    }
    return outputs;
  }

  private void send(Replies replies, Outputs outputs, boolean last) {
    if (last && !bls) {
      replies.sendLast(outputs);
    } else {
      replies.send(outputs);
      if (last) {
        replies.end();
      }
    }
  }

  private static Script.Run guided(Inputs inputs, Script.Run run) {
    return inputs.has("guided_decoding_guide_type")
        ? new Script.Run(
            List.of("{\"age\"", ": 7}"), "stop", Script.Ending.FINISH, run.promptTokens())
        : run;
  }

  private void fail(Replies replies, String message) {
    replies.fail(Status.Code.INTERNAL, bls ? message : "in ensemble 'ensemble', " + message);
  }
}
