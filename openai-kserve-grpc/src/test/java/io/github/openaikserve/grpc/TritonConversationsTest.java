package io.github.openaikserve.grpc;

import static io.github.openaikserve.grpc.ServedModel.Trait.COUNTS;
import static io.github.openaikserve.grpc.ServedModel.Trait.LIMITS;
import static io.github.openaikserve.grpc.ServedModel.Trait.REASONS;
import static io.github.openaikserve.grpc.ServedModel.Trait.STREAMS;
import static io.github.openaikserve.grpc.ServedModel.Trait.UNARY;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.grpc.servers.PlainModel;
import io.github.openaikserve.grpc.servers.TensorRtLlmApiModel;
import io.github.openaikserve.grpc.servers.TensorRtLlmModel;
import io.github.openaikserve.grpc.servers.TritonModel;
import io.github.openaikserve.grpc.servers.TritonServer;
import io.github.openaikserve.grpc.servers.VllmModel;
import io.github.openaikserve.kserve.Datatype;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every conversation with every kind of model that Triton serves. */
@ParameterizedClass
@MethodSource("models")
final class TritonConversationsTest extends DialectConversations {
  private static final String OLD_SERVER = "2.67.0";
  private static final String[] VLLM_DROPS = {"logit_bias"};
  private static final String[] TENSORRT_DROPS = {
    "ignore_eos", "logit_bias", "min_p", "skip_special_tokens"
  };
  private static final String[] API_DROPS = {
    "ignore_eos", "logit_bias", "min_p", "min_tokens", "repetition_penalty", "skip_special_tokens"
  };
  private static final String[] ALL_BUT_MAX_TOKENS = {
    "frequency_penalty",
    "ignore_eos",
    "logit_bias",
    "min_p",
    "min_tokens",
    "presence_penalty",
    "repetition_penalty",
    "seed",
    "skip_special_tokens",
    "temperature",
    "top_k",
    "top_p"
  };

  /** A dialect for {@link PlainModel#acme}, whose tensor names cannot be detected. */
  private static final Dialect ACME =
      Dialect.builder("acme")
          .input("question", Datatype.BYTES, RequestField.PROMPT)
          .input("budget", Datatype.UINT32, RequestField.MAX_TOKENS)
          .input("live", Datatype.BOOL, RequestField.STREAM)
          .output("reply", ResponseField.TEXT)
          .output("why", ResponseField.FINISH_REASON)
          .finalParameter("triton_final_response")
          .decoupled()
          .build();

  TritonConversationsTest(ServedModel model) {
    super(model);
  }

  static List<ServedModel> models() {
    return Stream.of(vllm(), tensorRtLlm(), tensorRtLlmApi(), others())
        .flatMap(models -> models)
        .toList();
  }

  private static Stream<ServedModel> vllm() {
    var newest = VllmModel.newest("vllm");
    var before2511 = VllmModel.before2511("vllm");
    var before2403 = VllmModel.before2403("vllm");
    return Stream.of(
            ServedModel.fixed(
                "vLLM", on(newest), "vllm", Dialects.TRITON_VLLM, STREAMS, COUNTS, LIMITS, REASONS),
            ServedModel.detected("vLLM", on(newest), "vllm", STREAMS, COUNTS, LIMITS, REASONS)
                .failing(BackendCode.UNAVAILABLE),
            ServedModel.detected(
                "vLLM on an old server",
                () -> TritonServer.startVersion(OLD_SERVER, newest),
                "vllm",
                STREAMS,
                COUNTS,
                LIMITS,
                REASONS),
            ServedModel.fixed(
                "vLLM before 25.11",
                on(before2511),
                "vllm",
                Dialects.tritonVllm("guided_decoding").build(),
                STREAMS,
                COUNTS,
                LIMITS,
                REASONS),
            ServedModel.detected(
                    "vLLM before 25.11", on(before2511), "vllm", STREAMS, COUNTS, LIMITS, REASONS)
                .failing(BackendCode.UNAVAILABLE),
            ServedModel.detected("vLLM before 24.03", on(before2403), "vllm", STREAMS, LIMITS)
                .failing(BackendCode.UNAVAILABLE)
                .dropping("logit_bias", "min_p", "min_tokens", "seed"))
        .map(model -> model.drops().isEmpty() ? model.dropping(VLLM_DROPS) : model)
        .map(model -> model.refusing("best_of", "suffix"));
  }

  private static Stream<ServedModel> tensorRtLlm() {
    var decoupled = TensorRtLlmModel.ensemble(true);
    var unary = TensorRtLlmModel.ensemble(false);
    var accumulating = TensorRtLlmModel.bls(true);
    var bls = TensorRtLlmModel.bls(false);
    return Stream.of(
            ServedModel.fixed(
                "TensorRT-LLM",
                on(decoupled),
                "ensemble",
                Dialects.TENSORRT_LLM,
                STREAMS,
                COUNTS,
                LIMITS),
            ServedModel.detected("TensorRT-LLM", on(decoupled), "ensemble", STREAMS, COUNTS, LIMITS)
                .failing(BackendCode.INTERNAL),
            ServedModel.fixed(
                    "TensorRT-LLM that is not decoupled",
                    on(unary),
                    "ensemble",
                    Dialects.tensorRtLlm("unary").unary().build(),
                    UNARY,
                    COUNTS,
                    LIMITS)
                .failing(BackendCode.INTERNAL),
            ServedModel.detected(
                    "TensorRT-LLM that is not decoupled",
                    on(unary),
                    "ensemble",
                    UNARY,
                    COUNTS,
                    LIMITS)
                .failing(BackendCode.INTERNAL),
            ServedModel.detected(
                    "TensorRT-LLM of 2023",
                    on(TensorRtLlmModel.oldEnsemble()),
                    "ensemble",
                    STREAMS,
                    LIMITS)
                .failing(BackendCode.INTERNAL)
                .dropping(
                    "frequency_penalty",
                    "ignore_eos",
                    "logit_bias",
                    "min_p",
                    "skip_special_tokens"),
            ServedModel.detected(
                    "TensorRT-LLM without counts",
                    on(decoupled.withoutCounts()),
                    "ensemble",
                    STREAMS,
                    LIMITS)
                .failing(BackendCode.INTERNAL),
            ServedModel.detected(
                    "TensorRT-LLM, BLS that accumulates without counts",
                    on(accumulating.withoutCounts()),
                    "tensorrt_llm_bls",
                    STREAMS,
                    LIMITS)
                .failing(BackendCode.INTERNAL),
            ServedModel.fixed(
                "TensorRT-LLM, BLS",
                on(bls),
                "tensorrt_llm_bls",
                Dialects.TENSORRT_LLM,
                STREAMS,
                COUNTS,
                LIMITS),
            ServedModel.detected(
                    "TensorRT-LLM, BLS", on(bls), "tensorrt_llm_bls", STREAMS, COUNTS, LIMITS)
                .failing(BackendCode.INTERNAL),
            ServedModel.fixed(
                "TensorRT-LLM, BLS that accumulates",
                on(accumulating),
                "tensorrt_llm_bls",
                Dialects.TENSORRT_LLM_BLS,
                STREAMS,
                COUNTS,
                LIMITS),
            ServedModel.detected(
                    "TensorRT-LLM, BLS that accumulates",
                    on(accumulating),
                    "tensorrt_llm_bls",
                    STREAMS,
                    COUNTS,
                    LIMITS)
                .failing(BackendCode.INTERNAL))
        .map(model -> model.drops().isEmpty() ? model.dropping(TENSORRT_DROPS) : model)
        .map(model -> model.refusing(MEANINGS.keySet()));
  }

  private static Stream<ServedModel> tensorRtLlmApi() {
    var unary = new TensorRtLlmApiModel(false);
    var decoupled = new TensorRtLlmApiModel(true);
    return Stream.of(
            ServedModel.fixed(
                    "LLM API",
                    on(unary),
                    "tensorrt_llm",
                    Dialects.tensorRtLlmApi().unary().build(),
                    UNARY,
                    LIMITS,
                    REASONS)
                .failing(BackendCode.INTERNAL),
            ServedModel.detected("LLM API", on(unary), "tensorrt_llm", UNARY, LIMITS, REASONS)
                .failing(BackendCode.INTERNAL),
            ServedModel.fixed(
                "LLM API, decoupled",
                on(decoupled),
                "tensorrt_llm",
                Dialects.TENSORRT_LLM_API,
                STREAMS,
                LIMITS,
                REASONS),
            ServedModel.detected(
                    "LLM API, decoupled", on(decoupled), "tensorrt_llm", STREAMS, LIMITS, REASONS)
                .failing(BackendCode.INTERNAL))
        .map(model -> model.dropping(API_DROPS).refusing(MEANINGS.keySet()));
  }

  private static Stream<ServedModel> others() {
    return Stream.of(
            ServedModel.detected(
                    "python", on(PlainModel.python()), "llama-cpp", STREAMS, LIMITS, REASONS)
                .failing(BackendCode.INTERNAL)
                .dropping(without("temperature", "seed")),
            ServedModel.fixed(
                    "declared", on(PlainModel.acme()), "acme", ACME, STREAMS, LIMITS, REASONS)
                .dropping(ALL_BUT_MAX_TOKENS),
            ServedModel.fixed(
                    "Hugging Face",
                    on(PlainModel.huggingFace()),
                    "falcon7b",
                    Dialects.generic("text_input", "text_output").unary().promptInOutput().build(),
                    UNARY)
                .failing(BackendCode.INTERNAL)
                .dropping(ALL_BUT_MAX_TOKENS),
            ServedModel.detected("ensemble", on(PlainModel.ensemble()), "pipeline", UNARY, LIMITS)
                .failing(BackendCode.INTERNAL)
                .dropping(without("top_k")))
        .map(model -> model.refusing(MEANINGS.keySet()));
  }

  private static String[] without(String... carried) {
    return Stream.of(ALL_BUT_MAX_TOKENS)
        .filter(field -> !List.of(carried).contains(field))
        .toArray(String[]::new);
  }

  private static ServedModel.Start on(TritonModel model) {
    return () -> TritonServer.start(model);
  }
}
