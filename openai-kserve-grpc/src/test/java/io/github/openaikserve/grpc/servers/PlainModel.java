package io.github.openaikserve.grpc.servers;

import static io.github.openaikserve.grpc.servers.TritonModel.TensorSpec.optional;
import static io.github.openaikserve.grpc.servers.TritonModel.TensorSpec.required;

import io.grpc.Status;
import java.util.List;

/**
 * A custom model in a Triton repository. Its first input is the prompt, its first output the text,
 * and its optional second output the finish reason. It accepts only inputs that it declares.
 *
 * @param backend the Triton backend; the platform of an ensemble
 * @param limit the input with the token limit; empty for none
 * @param streaming the input that requests streaming; empty for none
 * @param echoes whether the text begins with the prompt
 */
public record PlainModel(
    String name,
    String backend,
    int maxBatchSize,
    boolean decoupled,
    List<TensorSpec> inputs,
    List<TensorSpec> outputs,
    String limit,
    String streaming,
    boolean echoes)
    implements TritonModel {

  private static final int DEFAULT_TOKENS = 10;

  /** Returns a Python model with common tensor names, such as one around llama.cpp. */
  public static PlainModel python() {
    return new PlainModel(
        "llama-cpp",
        "python",
        0,
        true,
        List.of(
            required("prompt", "BYTES", 1),
            optional("max_tokens", "INT64", 1),
            optional("temperature", "FP64", 1),
            optional("seed", "UINT32", 1),
            optional("stop", "BYTES", 1),
            optional("stream", "BOOL", 1)),
        List.of(required("text", "BYTES", 1), required("finish_reason", "BYTES", 1)),
        "max_tokens",
        "stream",
        false);
  }

  /** Returns a Python model whose tensor names cannot be detected. */
  public static PlainModel acme() {
    return new PlainModel(
        "acme",
        "python",
        0,
        true,
        List.of(
            required("question", "BYTES", 1),
            optional("style", "BYTES", 1),
            optional("budget", "UINT32", 1),
            optional("live", "BOOL", 1)),
        List.of(required("reply", "BYTES", 1), required("why", "BYTES", 1)),
        "budget",
        "live",
        false);
  }

  /**
   * Returns the model of Triton's Hugging Face tutorial: from text to text, which begins with the
   * prompt.
   *
   * <p>Source: {@code triton-inference-server/tutorials}: {@code
   * Quick_Deploy/HuggingFaceTransformers/falcon7b}.
   */
  public static PlainModel huggingFace() {
    return new PlainModel(
        "falcon7b",
        "python",
        0,
        false,
        List.of(required("text_input", "BYTES", 1)),
        List.of(required("text_output", "BYTES", -1)),
        "",
        "",
        true);
  }

  /** Returns an ensemble of a tokenizer, a model and a detokenizer, with a batch dimension. */
  public static PlainModel ensemble() {
    return new PlainModel(
        "pipeline",
        "ensemble",
        4,
        false,
        List.of(
            required("INPUT_TEXT", "BYTES", 1),
            optional("max_new_tokens", "INT32", 1),
            optional("top_k", "INT32", 1)),
        List.of(required("OUTPUT_TEXT", "BYTES", 1)),
        "max_new_tokens",
        "",
        false);
  }

  /** Returns TensorRT-LLM's engine, whose input is token ids. */
  public static PlainModel tokenIds() {
    return new PlainModel(
        "tensorrt_llm",
        "tensorrtllm",
        8,
        true,
        List.of(
            required("input_ids", "INT32", -1),
            required("input_lengths", "INT32", 1),
            required("request_output_len", "INT32", 1),
            optional("streaming", "BOOL", 1)),
        List.of(required("output_ids", "INT32", -1, -1), required("sequence_length", "INT32", -1)),
        "",
        "",
        false);
  }

  /** Returns an image model. */
  public static PlainModel pictures() {
    return new PlainModel(
        "resnet",
        "onnxruntime",
        8,
        false,
        List.of(required("data", "FP32", 3, 224, 224)),
        List.of(required("classes", "FP32", 1000)),
        "",
        "",
        false);
  }

  /** Returns a model that embeds texts. */
  public static PlainModel sentences() {
    return new PlainModel(
        "encoder",
        "python",
        16,
        false,
        List.of(required("sentence", "BYTES", 1)),
        List.of(required("vector", "FP32", 2)),
        "",
        "",
        false);
  }

  @Override
  public void infer(Inputs inputs, Replies replies) {
    if (outputs.get(0).datatype().equals("FP32")) {
      embed(inputs, replies);
      return;
    }
    String prompt = inputs.text(inputs().get(0).name());
    if (prompt.contains(Script.SAY_NOTHING)) {
      replies.send(new Outputs(true));
    }
    int tokens = limit.isEmpty() ? DEFAULT_TOKENS : inputs.integer(limit, DEFAULT_TOKENS);
    Script.Run run = Script.run(prompt, tokens, List.of(), false);
    boolean stream = !streaming.isEmpty() && inputs.flag(streaming);
    List<String> pieces = run.pieces();
    for (int i = 0; stream && i < pieces.size(); i++) {
      replies.send(outputs(pieces.get(i), i == pieces.size() - 1 ? run.finish() : ""));
    }
    switch (run.ending()) {
      case FAILURE -> replies.fail(Status.Code.INTERNAL, "Failed to process the request(s): no");
      case FINISH -> {
        if (!stream) {
          replies.send(outputs((echoes ? prompt : "") + run.text(), run.finish()));
        }
        replies.end();
      }
      case SILENCE -> {}
    }
  }

  private Outputs outputs(String text, String finish) {
    long[] shape = maxBatchSize > 0 ? new long[] {1, 1} : new long[] {1};
    Outputs all = new Outputs(true).text(outputs.get(0).name(), text, shape);
    return outputs.size() > 1 ? all.text(outputs.get(1).name(), finish, shape) : all;
  }

  private void embed(Inputs inputs, Replies replies) {
    List<String> texts = inputs.texts(inputs().get(0).name());
    float[] vectors = new float[2 * texts.size()];
    for (int i = 0; i < texts.size(); i++) {
      vectors[2 * i] = Script.words(texts.get(i));
      vectors[2 * i + 1] = -0.5f;
    }
    replies.send(new Outputs(true).floats(outputs.get(0).name(), vectors, texts.size(), 2));
    replies.end();
  }
}
