package io.github.openaikserve.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import io.github.openaikserve.servers.ValidatingServer;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tensors for fields that a request leaves out. */
final class AbsentFieldsTest {
  private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
  private static final String COMPLETION = "{\"prompt\":\"Hi\"";

  /** OpenAI's default of {@code max_tokens} for completions. */
  private static final int OPENAI_LIMIT = 16;

  /** Tensors with the prompt, the end tokens of the chat template, and the form of the answer. */
  private static final Set<String> OTHER_TENSORS =
      Set.of(
          "prompt",
          "text_input",
          "args",
          "stop_words",
          "stream",
          "streaming",
          "exclude_input_in_output",
          "sampling_param_exclude_input_from_output",
          "return_full_text",
          "return_finish_reason",
          "return_num_input_tokens",
          "return_num_output_tokens");

  static Stream<Arguments> requests() {
    return ValidatingServer.all().stream()
        .flatMap(
            server ->
                Stream.of(CHAT, COMPLETION)
                    .flatMap(
                        body ->
                            Stream.of(body + "}", body + ",\"stream\":true}")
                                .map(each -> arguments(Named.of(server.name(), server), each))));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void onlyTheDocumentedDefaultsAreSent(ValidatingServer server, String body) {
    assertThat(sent(server.dialect(), server.backend(), body))
        .containsExactlyInAnyOrderElementsOf(
            documented(server.dialect().name(), body.startsWith(COMPLETION)));
  }

  /** Returns the tensors that the page of a dialect documents. */
  private static List<Tensor> documented(String dialect, boolean completion) {
    int large = completion ? OPENAI_LIMIT : 1_048_576;
    return switch (dialect) {
      case "anyserve" -> List.of(Tensor.ints("max_tokens", completion ? OPENAI_LIMIT : -1));
      case "dynamo" -> List.of();
      case "mlserver-huggingface" ->
          Stream.of(
                  Tensor.ints("max_new_tokens", completion ? OPENAI_LIMIT : 256),
                  Tensor.booleans("do_sample", true))
              .map(
                  tensor -> tensor.withParameters(Map.of("content_type", InferParameter.of("raw"))))
              .toList();
      case "tensorrt-llm", "tensorrt-llm-bls" ->
          List.of(
              Tensor.of("max_tokens", Datatype.INT32, new long[] {1, 1}, new int[] {large}),
              Tensor.of("top_p", new long[] {1, 1}, new float[] {1}));
      case "tensorrt-llm-api" ->
          List.of(
              Tensor.ints("sampling_param_max_tokens", large),
              Tensor.floats("sampling_param_top_p", 1));
      case "triton-vllm" ->
          List.of(Tensor.text("sampling_parameters", "{\"max_tokens\":%d}".formatted(large)));
      default -> throw new AssertionError("no documented defaults for " + dialect);
    };
  }

  @Test
  void everyBuiltInDialectIsTested() {
    assertThat(ValidatingServer.all())
        .extracting(server -> server.dialect().name())
        .containsAll(Dialects.names().toList());
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aTableWithoutDefaultsSendsNothing(Dialect table) {
    var backend = FakeBackend.answering(call -> ScriptedResponse.texts("completion", "x"));

    assertThat(sent(table, backend, CHAT + "}")).isEmpty();
  }

  static Stream<Named<Dialect>> tables() {
    return Stream.of(
        Named.of(
            "graph of OpenVINO Model Server",
            Dialects.generic("prompt", "completion")
                .input("max_tokens", Datatype.INT32, RequestField.MAX_TOKENS)
                .input("temperature", Datatype.FP32, RequestField.TEMPERATURE)
                .decoupled()
                .build()),
        Named.of("model recognized by its tensors", Dialects.detect(generic()).requireDialect()));
  }

  /** Returns a model that declares a tensor for each sampling field. */
  private static ModelDescription generic() {
    Stream<TensorMetadata> integers = declared("INT32", "max_tokens", "top_k", "min_tokens");
    Stream<TensorMetadata> floats =
        declared(
            "FP32",
            "temperature",
            "top_p",
            "min_p",
            "repetition_penalty",
            "presence_penalty",
            "frequency_penalty");
    List<TensorMetadata> inputs =
        Stream.of(
                declared("BYTES", "prompt"),
                integers,
                floats,
                declared("INT64", "seed"),
                declared("BOOL", "ignore_eos"))
            .flatMap(tensors -> tensors)
            .toList();
    return new ModelDescription(
        "m",
        Optional.empty(),
        Optional.of(
            new ModelMetadata(
                "m", List.of(), "", inputs, declared("BYTES", "completion").toList())),
        Optional.empty());
  }

  private static Stream<TensorMetadata> declared(String datatype, String... names) {
    return Stream.of(names).map(name -> new TensorMetadata(name, datatype, List.of(1L)));
  }

  /** Returns the tensors of a request, without {@link #OTHER_TENSORS}. */
  private static List<Tensor> sent(Dialect dialect, FakeBackend backend, String body) {
    ApiResponse response =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(dialect).chatTemplate(ChatTemplates.CHATML))
            .build()
            .httpHandler()
            .answer(
                Requests.post(
                    body.startsWith(COMPLETION) ? "/v1/completions" : "/v1/chat/completions",
                    body));
    assertThat(response.status()).as(Bodies.text(response)).isEqualTo(200);
    return backend.onlyRequest().inputs().stream()
        .filter(tensor -> !OTHER_TENSORS.contains(tensor.name()))
        .toList();
  }
}
