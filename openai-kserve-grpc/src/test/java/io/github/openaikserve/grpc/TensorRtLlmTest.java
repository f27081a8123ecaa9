package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.servers.PlainModel;
import io.github.openaikserve.grpc.servers.Script;
import io.github.openaikserve.grpc.servers.TensorRtLlmApiModel;
import io.github.openaikserve.grpc.servers.TensorRtLlmModel;
import io.github.openaikserve.grpc.servers.TritonModel;
import io.github.openaikserve.grpc.servers.TritonServer;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Behavior that only TensorRT-LLM on Triton has, and Triton's ends of streams. */
final class TensorRtLlmTest {
  private final Deque<TritonServer> servers = new ArrayDeque<>();
  private final Deque<GrpcBackend> backends = new ArrayDeque<>();

  @AfterEach
  void close() {
    backends.forEach(GrpcBackend::close);
    servers.forEach(TritonServer::close);
  }

  @Test
  void tensorsHaveTheNamesAndTypesOfTheRelease() throws Exception {
    detected(TensorRtLlmModel.ensemble(true))
        .completions()
        .create(r -> r.prompt("p").seed(7L).maxTokens(9).extra("min_tokens", 2));
    assertThat(tensors())
        .contains("seed UINT64[1, 1]", "max_tokens INT32[1, 1]", "min_tokens INT32[1, 1]")
        .doesNotContain("bad_words BYTES[1, 1]");

    detected(TensorRtLlmModel.oldEnsemble())
        .completions()
        .create(r -> r.prompt("p").seed(7L).maxTokens(9).extra("min_tokens", 2));
    assertThat(tensors())
        .contains("random_seed UINT64[1, 1]", "max_tokens UINT32[1, 1]", "min_length UINT32[1, 1]")
        .contains("stop_words BYTES[1, 1]", "bad_words BYTES[1, 1]");
  }

  @Test
  void openAisSamplingDefaultsAreSentBecauseTheEngineDefaultsToGreedy() throws Exception {
    detected(TensorRtLlmModel.ensemble(true)).completions().create(r -> r.prompt("p"));
    assertThat(tensors()).contains("top_p FP32[1, 1]").doesNotContain("temperature FP32[1, 1]");

    detected(new TensorRtLlmApiModel(true)).completions().create(r -> r.prompt("p"));
    assertThat(tensors()).contains("sampling_param_top_p FP32[1]");
  }

  @Test
  void aResponseFormatBecomesGuidedDecoding() throws Exception {
    OpenAiKServe openai = detected(TensorRtLlmModel.ensemble(true));

    ChatCompletion object =
        openai
            .chatCompletions()
            .create(r -> r.user("q").responseFormat(Map.of("type", "json_object")));
    assertThat(object.text()).isEqualTo("{\"age\": 7}");
    assertThat(tensors())
        .contains("guided_decoding_guide_type BYTES[1, 1]")
        .doesNotContain("guided_decoding_guide BYTES[1, 1]");
    openai
        .chatCompletions()
        .create(
            r ->
                r.user("q")
                    .responseFormat(
                        Map.of(
                            "type",
                            "json_schema",
                            "json_schema",
                            Map.of("name", "n", "schema", Map.of("type", "object")))));

    assertThat(tensors()).contains("guided_decoding_guide BYTES[1, 1]");
  }

  @Test
  void aChatWithoutATokenLimitMayFillTheContext() throws Exception {
    for (TritonModel model :
        List.of(TensorRtLlmModel.ensemble(true), new TensorRtLlmApiModel(true))) {
      ChatCompletion answer = detected(model).chatCompletions().create(r -> r.user(Script.GO_ON));

      assertThat(answer.text()).isEqualTo("la" + " la".repeat(39));
    }
  }

  @Test
  void usageAndFinishReasonAreCountedIfTheReleaseReportsNone() throws Exception {
    for (TritonModel model :
        List.of(
            TensorRtLlmModel.ensemble(true).withoutCounts(),
            TensorRtLlmModel.oldEnsemble(),
            TensorRtLlmModel.bls(true).withoutCounts())) {
      OpenAiKServe openai = detected(model);

      Completion cut = openai.completions().create(r -> r.prompt("p").maxTokens(3));
      Completion finished = openai.completions().create(r -> r.prompt("p").maxTokens(9));

      assertThat(cut.text()).isEqualTo("Once upon a");
      assertThat(cut.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(Objects.requireNonNull(cut.usage()).completionTokens()).isEqualTo(3);
      assertThat(finished.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
    }
  }

  @Test
  void theLlmApiReceivesNoStopSequencesAndTheLibraryEndsAnswersAtThem() throws Exception {
    for (boolean decoupled : List.of(true, false)) {
      OpenAiKServe openai = detected(new TensorRtLlmApiModel(decoupled));

      ChatCompletion chat = openai.chatCompletions().create(r -> r.user("q").stop("upon", " a"));
      Completion completion = openai.completions().create(r -> r.prompt("p").stop(" upon"));

      assertThat(chat.text()).isEqualTo("Once ");
      assertThat(completion.text()).isEqualTo("Once");
      assertThat(completion.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(tensors()).doesNotContain("sampling_param_stop BYTES[1]");
      assertThat(servers.getFirst().requests())
          .allSatisfy(
              request ->
                  assertThat(
                          request.getInputsList().stream()
                              .filter(input -> input.getName().equals("streaming"))
                              .map(input -> input.getContents().getBoolContents(0)))
                      .containsExactly(decoupled));
    }
  }

  @Test
  void aRefusedStreamOfAModelThatIsNotDecoupledBecomesAUnaryCall() throws Exception {
    for (TritonModel model :
        List.of(TensorRtLlmModel.ensemble(false), new TensorRtLlmApiModel(false))) {
      Dialect unfitted =
          model instanceof TensorRtLlmModel ? Dialects.TENSORRT_LLM : Dialects.TENSORRT_LLM_API;
      GrpcBackend backend = start(model);
      OpenAiKServe openai =
          OpenAiKServe.builder(backend)
              .model("m", m -> m.dialect(unfitted).modelName(model.name()))
              .build();

      assertThat(openai.completions().create(r -> r.prompt("p")).text())
          .isEqualTo("Once upon a time.");
      for (int i = 0; i < 2; i++) {
        try (var stream = openai.completions().stream(r -> r.prompt("p"))) {
          assertThat(stream.asStream().map(Completion::text).collect(Collectors.joining()))
              .isEqualTo("Once upon a time.");
        }
      }
      assertThat(servers.getLast().requests()).as("one of them refused").hasSize(4);
    }
  }

  @Test
  void theEmptyFinalResponseIsRequested() throws Exception {
    detected(TensorRtLlmModel.bls(false)).completions().create(r -> r.prompt("p"));

    assertThat(
            servers
                .getFirst()
                .requests()
                .get(0)
                .getParametersOrThrow("triton_enable_empty_final_response")
                .getBoolParam())
        .isTrue();
  }

  @Test
  void anAnswerWithoutOutputTensorsIsAFailure() throws Exception {
    OpenAiKServe openai = detected(PlainModel.python());

    assertThatExceptionOfType(DialectException.class)
        .isThrownBy(() -> openai.completions().create(r -> r.prompt(Script.SAY_NOTHING)))
        .withMessageContaining("without any output tensor")
        .satisfies(e -> assertThat(e.status()).isEqualTo(502));
  }

  @Test
  void aMissingModelIsNotFoundWithAndWithoutErrorCodes() throws Exception {
    GrpcBackend backend = start(TensorRtLlmModel.ensemble(true));
    Dialect adapted = Dialects.detect(backend, "ensemble").get().requireDialect();
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .model("fitted", m -> m.dialect(adapted).modelName("gone"))
            .model("fixed", m -> m.dialect(Dialects.TENSORRT_LLM).modelName("gone"))
            .build();

    for (String model : List.of("fitted", "fixed")) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> openai.completions().create(r -> r.model(model).prompt("p")))
          .withMessageContaining("unknown model")
          .satisfies(e -> assertThat(e.status()).isEqualTo(404))
          .satisfies(e -> assertThat(e.code()).isEqualTo("model_not_found"));
    }
  }

  private OpenAiKServe detected(TritonModel model) throws Exception {
    GrpcBackend backend = start(model);
    Dialect dialect = Dialects.detect(backend, model.name()).get().requireDialect();
    return OpenAiKServe.builder(backend).model(model.name(), dialect).build();
  }

  private GrpcBackend start(TritonModel model) throws Exception {
    servers.push(TritonServer.start(model));
    backends.push(Servers.connect(servers.getFirst().target()));
    return backends.getFirst();
  }

  /** Returns the inputs of the last request to the last server. */
  private List<String> tensors() {
    List<ModelInferRequest> requests = servers.getFirst().requests();
    return requests.get(requests.size() - 1).getInputsList().stream()
        .map(t -> t.getName() + " " + t.getDatatype() + t.getShapeList())
        .toList();
  }
}
