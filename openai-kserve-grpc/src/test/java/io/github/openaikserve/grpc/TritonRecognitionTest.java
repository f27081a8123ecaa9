package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.dialect.DetectedModel;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.servers.PlainModel;
import io.github.openaikserve.grpc.servers.TensorRtLlmApiModel;
import io.github.openaikserve.grpc.servers.TensorRtLlmModel;
import io.github.openaikserve.grpc.servers.TritonServer;
import io.github.openaikserve.grpc.servers.VllmModel;
import io.github.openaikserve.kserve.Datatype;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Detection of dialects from the metadata of Triton's models. */
final class TritonRecognitionTest {
  private static TritonServer server;
  private static TritonServer api;
  private static GrpcBackend backend;

  @BeforeAll
  static void start() throws Exception {
    server =
        TritonServer.start(
            VllmModel.newest("vllm"),
            VllmModel.before2511("vllm-25.10"),
            VllmModel.before2403("vllm-23.12"),
            TensorRtLlmModel.ensemble(true),
            TensorRtLlmModel.bls(true),
            PlainModel.tokenIds(),
            PlainModel.python(),
            PlainModel.acme(),
            PlainModel.huggingFace(),
            PlainModel.ensemble(),
            PlainModel.pictures(),
            PlainModel.sentences());
    api = TritonServer.start(new TensorRtLlmApiModel(false));
    backend = Servers.connect(server.target());
  }

  @AfterAll
  static void end() {
    backend.close();
    server.close();
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    "vllm, triton-vllm, false, false",
    "vllm-25.10, triton-vllm, false, false",
    "vllm-23.12, triton-vllm, true, true",
    "ensemble, tensorrt-llm, false, false",
    "tensorrt_llm_bls, tensorrt-llm, true, false",
    "llama-cpp, generic, false, false",
    "falcon7b, generic, false, false",
    "pipeline, generic, false, false"
  })
  void aModelIsRecognizedByItsTensors(
      String model, String dialect, boolean cumulative, boolean echo) throws Exception {
    DetectedModel detection = Dialects.detect(backend, model).get();

    Dialect found = detection.requireDialect();
    assertThat(found.name()).isEqualTo(dialect);
    assertThat(found.cumulativeText()).isEqualTo(cumulative);
    assertThat(found.promptInOutput()).isEqualTo(echo);
    assertThat(found.mismatches(described(model))).isEmpty();
    assertThat(detection.explanation()).startsWith("It is '" + dialect + "' by its inputs [");
  }

  @Test
  void theLlmApiModelIsRecognizedByItsTensors() throws Exception {
    try (var backend = Servers.connect(api.target())) {
      DetectedModel detection = Dialects.detect(backend, "tensorrt_llm").get();

      assertThat(detection.requireDialect().name()).isEqualTo("tensorrt-llm-api");
      assertThat(detection.others()).isEmpty();
    }
  }

  @Test
  void onlyFieldsWithADeclaredTensorAreMapped() throws Exception {
    Dialect newest = Dialects.detect(backend, "vllm").get().requireDialect();
    Dialect oldest = Dialects.detect(backend, "vllm-23.12").get().requireDialect();

    assertThat(newest.carries(RequestField.LOGPROBS)).isTrue();
    assertThat(newest.carries(RequestField.IMAGES)).isTrue();
    assertThat(newest.serving(RequestKind.EMBEDDING)).isPresent();
    assertThat(oldest.carries(RequestField.IMAGES)).isFalse();
    assertThat(oldest.carries(RequestField.RESPONSE_FORMAT)).isFalse();
    assertThat(oldest.serving(RequestKind.EMBEDDING)).isEmpty();
  }

  @Test
  void aModelFromTextsToVectorsIsAnEmbeddingModel() throws Exception {
    DetectedModel detection = Dialects.detect(backend, "encoder").get();
    Dialect dialect = detection.serving(RequestKind.EMBEDDING).orElseThrow();
    var openai =
        OpenAiKServe.builder(backend).model("encoder", m -> m.embeddingDialect(dialect)).build();

    var answer = openai.embeddings().create(r -> r.input("one", "one two"));

    assertThat(detection.dialect()).isEmpty();
    assertThat(detection.isServable()).isTrue();
    assertThat(answer.data()).extracting(each -> each.vector()[0]).containsExactly(1.0f, 2.0f);
  }

  @Test
  void theEngineOfAnEnsembleIsRefusedAndTheEnsembleIsSuggested() throws Exception {
    DetectedModel detection = Dialects.detect(backend, "tensorrt_llm").get();

    assertThat(detection.isServable()).isFalse();
    assertThat(detection.explanation())
        .contains("it takes token ids", "'ensemble'", "'tensorrt_llm_bls'")
        .contains("Found: server triton, platform tensorrtllm, inputs [input_ids INT32[-1, -1]");
    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(detection::requireDialect)
        .withMessage(detection.explanation());
  }

  @Test
  void anUnrecognizedModelIsReportedWithItsTensors() throws Exception {
    assertThat(Dialects.detect(backend, "acme").get().explanation())
        .isEqualTo(
            "The dialect of model 'acme' was not recognized: none of its inputs is a known name for"
                + " a prompt. Found: server triton, platform python, inputs [question BYTES[1],"
                + " style BYTES[1], budget UINT32[1], live BOOL[1]], outputs [reply BYTES[1], why"
                + " BYTES[1]].");
    assertThat(Dialects.detect(backend, "resnet").get().explanation())
        .contains("none of its inputs is a known name for a prompt", "data FP32[-1, 3, 224, 224]");
    assertThat(Dialects.detect(backend, "nobody").get().explanation())
        .contains("'nobody'", "the server reports nothing about a model of that name");
  }

  @Test
  void differencesFromTheModelsDeclarationAreNamed() throws Exception {
    assertThat(Dialects.TENSORRT_LLM.mismatches(described("ensemble"))).isEmpty();
    assertThat(Dialects.TRITON_VLLM.mismatches(described("vllm"))).isEmpty();
    assertThat(Dialects.TRITON_VLLM.mismatches(described("vllm-23.12")))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("'exclude_input_in_output'", "is not declared by the model"))
        .anySatisfy(problem -> assertThat(problem).contains("'image' (image_url)"));
    Dialect wrong =
        Dialects.generic("prompt", "answer")
            .input("max_tokens", Datatype.INT32, RequestField.MAX_TOKENS)
            .batchDimension()
            .build();
    assertThat(wrong.mismatches(described("llama-cpp")))
        .containsExactly(
            "input tensor 'prompt' is sent with 2 dimensions, but the model declares the shape [1]",
            "input tensor 'max_tokens' is sent as INT32, but the model declares INT64",
            "input tensor 'max_tokens' is sent with 2 dimensions, but the model declares the shape"
                + " [1]",
            "none of the output tensors [answer] for the text is declared by the model, whose"
                + " outputs are [text, finish_reason]",
            "the model is decoupled and answers only streaming calls, but the dialect uses unary"
                + " calls");
    assertThat(
            Dialects.generic("question", "reply").decoupled().build().mismatches(described("acme")))
        .isEmpty();
    assertThat(Dialects.generic("style", "reply").decoupled().build().mismatches(described("acme")))
        .containsExactly(
            "input tensor 'question' is required by the model and not sent with every request");
  }

  @Test
  void aConfiguredDialectIsAdaptedToTheModel() throws Exception {
    Dialect unfitted =
        Dialects.generic("prompt", "text")
            .input("max_tokens", Datatype.INT32, RequestField.MAX_TOKENS)
            .input("top_k", Datatype.INT32, RequestField.TOP_K)
            .build();

    Dialect adapted = unfitted.adaptTo(described("llama-cpp"));

    assertThat(adapted.carries(RequestField.TOP_K)).isFalse();
    assertThat(adapted.mismatches(described("llama-cpp"))).isEmpty();
    var openai = OpenAiKServe.builder(backend).model("llama-cpp", adapted).build();
    assertThat(openai.completions().create(r -> r.prompt("p").maxTokens(2)).text())
        .isEqualTo("Once upon");
  }

  private static ModelDescription described(String model) throws Exception {
    return ModelDescription.read(backend, model, "").get();
  }

  @Test
  void anUnreachableServerFailsDetection() throws Exception {
    TritonServer gone = TritonServer.start();
    String target = gone.target();
    gone.close();
    try (var nowhere = Servers.connect(target)) {
      assertThat(Dialects.detect(nowhere, "m"))
          .failsWithin(Duration.ofSeconds(20))
          .withThrowableThat()
          .withMessageContaining("could not be reached");
    }
  }
}
