package io.github.openaikserve.servers;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A model server that fails what the real one would fail, in words that say nothing to the library.
 *
 * @param problem returns why the server fails a request; empty if it takes it
 * @param text the output tensor of its text
 */
public record ValidatingServer(
    String name, Dialect dialect, String text, Function<InferRequest, Optional<String>> problem) {
  /** What Triton's vLLM backend says of parameters that it cannot use. */
  private static final String USELESS = "'NoneType' object has no attribute 'lora_name'";

  /** Returns a server for each built-in dialect, and for each release that it can be fitted to. */
  public static List<ValidatingServer> all() {
    List<ValidatingServer> servers = new ArrayList<>();
    for (VllmRelease release : VllmRelease.ALL) {
      servers.add(
          new ValidatingServer(
              "triton-vllm " + release.version(),
              Dialects.TRITON_VLLM.adaptTo(release.description()),
              "text_output",
              release::problem));
    }
    VllmRelease newest = VllmRelease.ALL.get(VllmRelease.ALL.size() - 1);
    servers.add(
        new ValidatingServer(
            "triton-vllm, not fitted", Dialects.TRITON_VLLM, "text_output", newest::problem));
    servers.add(triton("tensorrt-llm", Dialects.TENSORRT_LLM));
    servers.add(triton("tensorrt-llm-bls", Dialects.TENSORRT_LLM_BLS));
    servers.add(triton("tensorrt-llm-api", Dialects.TENSORRT_LLM_API));
    servers.add(
        new ValidatingServer(
            "mlserver-huggingface",
            Dialects.MLSERVER_HUGGINGFACE,
            "output",
            ValidatingServer::transformers));
    servers.add(new ValidatingServer("anyserve", Dialects.ANYSERVE, "text", r -> Optional.empty()));
    servers.add(
        new ValidatingServer("dynamo", Dialects.DYNAMO, "text_output", r -> Optional.empty()));
    return servers;
  }

  private static ValidatingServer triton(String name, Dialect dialect) {
    return new ValidatingServer(name, dialect, "text_output", ValidatingServer::tensorRt);
  }

  /** Returns a backend that answers what the server takes. */
  public FakeBackend backend() {
    return FakeBackend.answering(
        call -> {
          if (call.request().modelName().equals("model_info")) {
            return ScriptedResponse.tokens(call);
          }
          return problem
              .apply(call.request())
              .map(
                  why ->
                      ScriptedResponse.of(List.of())
                          .thenFails(new BackendException(BackendCode.UNKNOWN, USELESS)))
              .orElseGet(
                  () -> ScriptedResponse.texts(text, name.startsWith("mlserver") ? JSON : "x"));
        });
  }

  private static final String JSON = "{\"generated_text\": \"x\"}";

  /** Source: {@code NVIDIA/TensorRT-LLM}: {@code cpp/tensorrt_llm/executor/samplingConfig.cpp}. */
  private static Optional<String> tensorRt(InferRequest request) {
    for (Tensor input : request.inputs()) {
      String name = input.name().replaceFirst("^sampling_param_", "");
      boolean valid =
          switch (name) {
            case "top_p" -> input.floats()[0] > 0 && input.floats()[0] <= 1;
            case "top_k", "min_tokens" -> input.ints()[0] >= 0;
            case "max_tokens" -> input.ints()[0] > 0;
            case "temperature" -> input.floats()[0] >= 0;
            case "repetition_penalty" -> input.floats()[0] > 0;
            default -> true;
          };
      if (!valid) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /** Source: {@code huggingface/transformers}: {@code src/transformers/generation}. */
  private static Optional<String> transformers(InferRequest request) {
    for (Tensor input : request.inputs()) {
      boolean valid =
          switch (input.name()) {
            case "top_p" -> input.floats()[0] >= 0 && input.floats()[0] <= 1;
            case "top_k", "min_new_tokens" -> input.ints()[0] >= 0;
            case "max_new_tokens" -> input.ints()[0] > 0;
            case "temperature", "repetition_penalty" -> input.floats()[0] > 0;
            default -> true;
          };
      if (!valid) {
        return Optional.of(input.name());
      }
    }
    return Optional.empty();
  }
}
