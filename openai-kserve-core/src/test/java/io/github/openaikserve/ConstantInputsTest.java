package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A model sends its own constants with every generation, such as the adapter that it is. */
final class ConstantInputsTest {
  @Test
  void aKeyIsAddedToAJsonTensorUnlessTheRequestSetsIt() {
    InferRequest sent =
        sent(
            Dialects.TRITON_VLLM,
            "text_output",
            m -> m.constantJson("sampling_parameters", "lora_name", "alpha"));

    assertThat(sent.input("sampling_parameters").orElseThrow().texts())
        .containsExactly(
            "{\"max_tokens\":9,\"temperature\":0.5,\"seed\":7,\"lora_name\":\"alpha\"}");
  }

  @Test
  void aConstantKeyWinsOverTheRequest() {
    InferRequest sent =
        sent(
            Dialects.TRITON_VLLM,
            "text_output",
            m -> m.constantJson("sampling_parameters", "temperature", 0));

    assertThat(sent.input("sampling_parameters").orElseThrow().texts().get(0))
        .contains("\"temperature\":0,");
  }

  @Test
  void aTensorGetsTheBatchDimensionOfTheOthers() {
    Tensor task = Tensor.of("lora_task_id", Datatype.UINT64, new long[] {1}, new long[] {7});

    InferRequest batched = sent(Dialects.TENSORRT_LLM, "text_output", m -> m.constant(task));
    InferRequest flat = sent(Dialects.TENSORRT_LLM_API, "text_output", m -> m.constant(task));

    assertThat(batched.input("lora_task_id").orElseThrow().shape()).containsExactly(1, 1);
    assertThat(flat.input("lora_task_id").orElseThrow().shape()).containsExactly(1);
    assertThat(flat.input("lora_task_id").orElseThrow().longs()).containsExactly(7);
  }

  @Test
  void aTensorReplacesTheDialectsOwnOfTheSameName() {
    InferRequest sent =
        sent(
            Dialects.TENSORRT_LLM_API,
            "text_output",
            m -> m.constant(Tensor.floats("sampling_param_top_p", 0.25f)));

    assertThat(sent.inputs().stream().filter(t -> t.name().equals("sampling_param_top_p")))
        .singleElement()
        .satisfies(tensor -> assertThat(tensor.floats()).containsExactly(0.25f));
  }

  @Test
  void keysOfATensorThatHoldsNoJsonAreAFaultOfTheConfigurationAndNothingIsSent() {
    for (String tensor : List.of("text_input", "stream")) {
      FakeBackend backend = backend("text_output");
      var openai =
          OpenAiKServe.builder(backend)
              .model(
                  "m", m -> m.dialect(Dialects.TRITON_VLLM).constantJson(tensor, "lora_name", "a"))
              .build();

      assertThatExceptionOfType(DialectException.class)
          .isThrownBy(() -> openai.completions().create(r -> r.prompt("p")))
          .withMessageContaining("'" + tensor + "', which does not contain a JSON object");
      assertThat(backend.calls()).isEmpty();
    }
  }

  @Test
  void anotherModelOfTheSameServerSendsNothingOfIt() {
    FakeBackend backend = backend("text_output");
    var openai =
        OpenAiKServe.builder(backend)
            .model("base", Dialects.TRITON_VLLM)
            .model(
                "alpha",
                m ->
                    m.dialect(Dialects.TRITON_VLLM)
                        .modelName("base")
                        .constantJson("sampling_parameters", "lora_name", "alpha"))
            .build();

    for (String model : List.of("alpha", "base")) {
      openai.completions().create(r -> r.model(model).prompt("p"));
    }

    assertThat(backend.calls())
        .extracting(
            call -> call.request().input("sampling_parameters").orElseThrow().texts().get(0))
        .containsExactly("{\"max_tokens\":16,\"lora_name\":\"alpha\"}", "{\"max_tokens\":16}");
  }

  private static FakeBackend backend(String text) {
    return FakeBackend.responses(InferResponse.of(Tensor.text(text, "Hello")));
  }

  private static InferRequest sent(Dialect dialect, String text, Consumer<ModelBuilder> constants) {
    FakeBackend backend = backend(text);
    var openai =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m -> {
                  m.dialect(dialect);
                  constants.accept(m);
                })
            .build();
    openai.completions().create(r -> r.prompt("p").maxTokens(9).temperature(0.5).seed(7L));
    return backend.onlyRequest();
  }
}
