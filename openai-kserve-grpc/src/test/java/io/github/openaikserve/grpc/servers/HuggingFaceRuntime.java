package io.github.openaikserve.grpc.servers;

import io.github.openaikserve.grpc.proto.ModelInferRequest.InferInputTensor;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse.TensorMetadata;
import io.grpc.Status;
import java.util.List;
import java.util.Set;

/**
 * MLServer's Hugging Face runtime with a text-generation pipeline. It declares only the input of
 * prompts, but accepts any argument of the pipeline: as a scalar if its content type is {@code
 * raw}, else as a list, which the pipeline rejects.
 *
 * <p>Source: {@code SeldonIO/MLServer}: {@code
 * runtimes/huggingface/mlserver_huggingface/metadata.py}, {@code runtime.py}, {@code
 * codecs/base.py}.
 */
public final class HuggingFaceRuntime implements MlServerRuntime {
  private static final Set<String> ARGUMENTS =
      Set.of(
          "max_new_tokens",
          "min_new_tokens",
          "do_sample",
          "temperature",
          "top_p",
          "top_k",
          "repetition_penalty",
          "return_full_text");

  @Override
  public List<TensorMetadata> inputs() {
    return List.of(
        TensorMetadata.newBuilder()
            .setName("array_inputs")
            .setDatatype("BYTES")
            .addShape(-1)
            .build());
  }

  @Override
  public void predict(Inputs inputs, boolean raw, Replies replies) {
    String wrong = problem(inputs);
    if (!wrong.isEmpty()) {
      replies.fail(Status.Code.INTERNAL, wrong);
      return;
    }
    boolean listed = inputs.has("array_inputs");
    String prompt = inputs.text(listed ? "array_inputs" : "args");
    int limit = inputs.integer("max_new_tokens", Integer.MAX_VALUE);
    Script.Run run = Script.run(prompt, limit, List.of(), false);
    switch (run.ending()) {
      case FINISH -> {
        boolean whole = !inputs.has("return_full_text") || inputs.flag("return_full_text");
        String object =
            "{\"generated_text\": \"%s\"}".formatted(escaped((whole ? prompt : "") + run.text()));
        replies.send(
            new Outputs(raw)
                .text("output", listed ? "[" + object + "]" : object, 1, 1)
                .tensorParameter("content_type", "hg_jsonlist"));
        replies.end();
      }
      case FAILURE -> replies.fail(Status.Code.INTERNAL, "RuntimeError: CUDA out of memory");
      case SILENCE -> {} // until cancelled
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String problem(Inputs inputs) {
    if (!inputs.has("args") && !inputs.has("array_inputs")) {
      return "TypeError: __call__() missing 1 required positional argument: 'text_inputs'";
    }
    for (InferInputTensor input : inputs.request().getInputsList()) {
      String name = input.getName();
      if (name.equals("args") || name.equals("array_inputs")) {
        continue;
      }
      if (!ARGUMENTS.contains(name)) {
        return "ValueError: The following `model_kwargs` are not used by the model: ['%s']"
            .formatted(name);
      }
      var contentType = input.getParametersMap().get("content_type");
      if (contentType == null || !contentType.getStringParam().equals("raw")) {
        return "TypeError: '%s' is a list".formatted(name);
      }
      if (name.equals("temperature") && input.getContents().getFp32Contents(0) <= 0) {
        return "ValueError: `temperature` has to be a strictly positive float";
      }
    }
    return "";
  }
}
