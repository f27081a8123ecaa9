package io.github.openaikserve.grpc.servers;

import static io.github.openaikserve.grpc.servers.TritonModel.TensorSpec.optional;
import static io.github.openaikserve.grpc.servers.TritonModel.TensorSpec.required;

import io.grpc.Status;
import java.util.List;

/**
 * TensorRT-LLM's LLM API model. Each response of a stream has the whole text so far; tokens are not
 * counted. A request with stop sequences fails, because their bytes reach a tokenizer that expects
 * texts. Stops at the model's end tokens, which are not in the text.
 *
 * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code triton_backend/all_models/llmapi/tensorrt_llm}.
 *
 * @param decoupled false by default
 */
public record TensorRtLlmApiModel(boolean decoupled) implements TritonModel {
  private static final int DEFAULT_TOKENS = 32;

  @Override
  public String name() {
    return "tensorrt_llm";
  }

  @Override
  public String backend() {
    return "python";
  }

  @Override
  public int maxBatchSize() {
    return 0;
  }

  @Override
  public List<TensorSpec> inputs() {
    return List.of(
        required("text_input", "BYTES", -1),
        optional("streaming", "BOOL", 1),
        optional("stop", "BOOL", 1),
        optional("sampling_param_best_of", "INT32", 1),
        optional("sampling_param_temperature", "FP32", 1),
        optional("sampling_param_top_k", "INT32", 1),
        optional("sampling_param_top_p", "FP32", 1),
        optional("sampling_param_frequency_penalty", "FP32", 1),
        optional("sampling_param_presence_penalty", "FP32", 1),
        optional("sampling_param_max_tokens", "INT32", 1),
        optional("sampling_param_stop", "BYTES", -1),
        optional("sampling_param_seed", "UINT64", 1),
        optional("sampling_param_exclude_input_from_output", "BOOL", 1),
        optional("sampling_param_return_perf_metrics", "BOOL", 1),
        optional("return_finish_reason", "BOOL", 1),
        optional("return_stop_reason", "BOOL", 1),
        optional("return_cumulative_logprob", "BOOL", 1));
  }

  @Override
  public List<TensorSpec> outputs() {
    return List.of(
        required("text_output", "BYTES", -1),
        required("finish_reason", "BYTES", -1),
        required("stop_reason", "BYTES", -1),
        required("cumulative_logprob", "FP32", -1));
  }

  @Override
  public void infer(Inputs inputs, Replies replies) {
    boolean stream = inputs.flag("streaming");
    if (stream && !decoupled) {
      fail(replies, "Streaming is only supported in decoupled mode.");
      return;
    }
    if (inputs.has("sampling_param_stop")) {
      fail(replies, "text input must be of type `str` (single example)");
      return;
    }
    String prompt =
        inputs.flag("sampling_param_exclude_input_from_output") ? "" : inputs.text("text_input");
    Script.Run run =
        Script.run(
            inputs.text("text_input"),
            inputs.integer("sampling_param_max_tokens", DEFAULT_TOKENS),
            List.of(),
            false);
    List<String> pieces = run.pieces();
    for (int i = 0; stream && i < pieces.size(); i++) {
      String text = prompt + String.join("", pieces.subList(0, i + 1));
      if (i == pieces.size() - 1 && run.ending() == Script.Ending.FINISH) {
        replies.sendLast(outputs(inputs, text, run.finish()));
      } else {
        replies.send(outputs(inputs, text, "None"));
      }
    }
    switch (run.ending()) {
      case FAILURE -> fail(replies, "out of memory");
      case FINISH -> {
        if (!stream) {
          replies.sendLast(outputs(inputs, prompt + run.text(), run.finish()));
        }
      }
      case SILENCE -> {}
    }
  }

  private static Outputs outputs(Inputs inputs, String text, String finish) {
    Outputs outputs = new Outputs(true).text("text_output", text, 1);
    if (inputs.flag("return_finish_reason")) {
      outputs.text("finish_reason", finish, 1);
    }
    return outputs;
  }

  private static void fail(Replies replies, String message) {
    replies.fail(Status.Code.INTERNAL, "Error generating request: " + message);
  }
}
