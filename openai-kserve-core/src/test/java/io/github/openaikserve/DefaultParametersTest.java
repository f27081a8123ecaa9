package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The values that an operator configures for fields that requests leave out. */
final class DefaultParametersTest {
  private final FakeBackend backend = FakeBackend.tokens("wEND", "x");

  private OpenAiKServe anyServe(Consumer<ModelBuilder> more) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> more.accept(m.dialect(Dialects.ANYSERVE)))
        .build();
  }

  private static OpenAiKServe sampling(FakeBackend backend, Consumer<ModelBuilder> more) {
    Dialect dialect =
        Dialect.builder("sampling")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .input("max_tokens", Datatype.INT32, RequestField.MAX_TOKENS)
            .input("seed", Datatype.INT32, RequestField.SEED)
            .input("presence_penalty", Datatype.FP32, RequestField.PRESENCE_PENALTY)
            .input("repetition_penalty", Datatype.FP32, RequestField.REPETITION_PENALTY)
            .output("text", ResponseField.TEXT)
            .build();
    return OpenAiKServe.builder(backend).model("m", m -> more.accept(m.dialect(dialect))).build();
  }

  private static FakeBackend texts() {
    return FakeBackend.responses(InferResponse.of(Tensor.text("text", "x")));
  }

  @Test
  void aDefaultIsSentWhereTheRequestLeavesTheFieldOut() {
    var service =
        anyServe(
            m ->
                m.defaultParameter("temperature", 0.25)
                    .defaultParameter("top_k", 7)
                    .defaultParameter("max_tokens", 9));

    service.chatCompletions().create(r -> r.user("Hi"));

    InferRequest sent = backend.onlyRequest();
    assertThat(sent.input("temperature")).contains(Tensor.floats("temperature", 0.25f));
    assertThat(sent.input("top_k")).contains(Tensor.ints("top_k", 7));
    assertThat(sent.input("max_tokens")).contains(Tensor.ints("max_tokens", 9));
    assertThat(sent.input("top_p")).isEmpty();
  }

  @Test
  void aRequestsOwnValueAndItsExtraFieldComeBeforeADefault() {
    FakeBackend server = texts();
    var service =
        sampling(
            server,
            m ->
                m.defaultParameter("presence_penalty", 0.5)
                    .defaultParameter("repetition_penalty", 1.5)
                    .defaultParameter("max_tokens", 9));

    service
        .chatCompletions()
        .create(
            r -> r.user("Hi").presencePenalty(0.0).maxTokens(3).extra("repetition_penalty", 1.25));

    InferRequest sent = server.onlyRequest();
    assertThat(sent.input("presence_penalty")).contains(Tensor.floats("presence_penalty", 0));
    assertThat(sent.input("repetition_penalty"))
        .contains(Tensor.floats("repetition_penalty", 1.25f));
    assertThat(sent.input("max_tokens")).contains(Tensor.ints("max_tokens", 3));
  }

  static Stream<Arguments> valuesForTensorRtLlm() {
    return Stream.of(arguments(0.25, 0.25f), arguments(0, 1e-6f));
  }

  @ParameterizedTest
  @MethodSource("valuesForTensorRtLlm")
  void aDefaultReplacesTheOneOfTheDialect(Number value, float sent) {
    for (Dialect dialect :
        List.of(Dialects.TENSORRT_LLM, Dialects.TENSORRT_LLM_BLS, Dialects.TENSORRT_LLM_API)) {
      FakeBackend server =
          FakeBackend.answering(call -> ScriptedResponse.texts("text_output", "x"));
      var withDefault =
          OpenAiKServe.builder(server)
              .model("m", m -> m.dialect(dialect).defaultParameter("top_p", value))
              .build();
      var without = OpenAiKServe.builder(server).model("m", dialect).build();

      withDefault.chatCompletions().create(r -> r.user("Hi"));
      without.chatCompletions().create(r -> r.user("Hi").topP(value.doubleValue()));
      withDefault.completions().create(r -> r.prompt("Hi"));
      without.completions().create(r -> r.prompt("Hi").topP(value.doubleValue()));

      List<List<Tensor>> requests =
          server.calls().stream().map(call -> call.request().inputs()).toList();
      assertThat(requests)
          .allSatisfy(
              inputs ->
                  assertThat(inputs)
                      .filteredOn(tensor -> tensor.name().endsWith("top_p"))
                      .singleElement()
                      .satisfies(topP -> assertThat(topP.floats()).containsExactly(sent)));
      assertThat(requests.get(0)).isEqualTo(requests.get(1));
      assertThat(requests.get(2)).isEqualTo(requests.get(3));
    }
  }

  @Test
  void aDefaultLimitOfTokensComesBeforeOpenAisSixteenOfCompletions() {
    anyServe(m -> m.defaultParameter("max_tokens", 9)).completions().create(r -> r.prompt("p"));

    assertThat(backend.onlyRequest().input("max_tokens")).contains(Tensor.ints("max_tokens", 9));
  }

  @Test
  void aDefaultStopSequenceCutsAndTheRequestsOwnReplacesIt() {
    var service = anyServe(m -> m.defaultParameter("stop", "END"));

    assertThat(service.completions().create(r -> r.prompt("p")).text()).isEqualTo("w");
    assertThat(service.completions().create(r -> r.prompt("p").stop(List.of("x"))).text())
        .isEqualTo("wEND");
  }

  @Test
  void aDefaultThatTheServerHasNoTensorForIsReportedAsDropped() {
    ChatCompletion answer =
        anyServe(m -> m.defaultParameter("seed", 7)).chatCompletions().create(r -> r.user("Hi"));

    assertThat(answer.droppedParams()).containsExactly("seed");
  }

  @Test
  void aDefaultOfTheTemplateReachesIt() {
    var service =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(new ThinkingTemplate())
                        .defaultParameter("chat_template_kwargs", Map.of("enable_thinking", false)))
            .build();

    service.chatCompletions().create(r -> r.user("Hi"));
    service.completions().create(r -> r.prompt("p")); // which has no template

    assertThat(backend.calls().get(0).request().input("prompt").orElseThrow().texts())
        .containsExactly("{enable_thinking=false}");
  }

  static Stream<Arguments> wrongDefaults() {
    return Stream.of(
        arguments("temprature", 0.5, "unknown field"),
        arguments("n", 2, "cannot have a default"),
        arguments("model", "m", "cannot have a default"),
        arguments("user", "u", "cannot have a default"),
        arguments("dimensions", 8, "cannot have a default"),
        arguments("temperature", "warm", "expected a number"),
        arguments("temperature", 3, "from 0.0 to 2.0"),
        arguments("max_tokens", 0, "from 1 to 2147483647"),
        arguments("stop", 5, "expected a string or an array of strings"),
        arguments("chat_template_kwargs", true, "expected an object"));
  }

  @ParameterizedTest
  @MethodSource("wrongDefaults")
  void aDefaultThatCannotBeUsedIsRefusedAndNamed(String name, Object value, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> anyServe(m -> m.defaultParameter(name, value)))
        .withMessageContaining("default parameter '" + name + "'")
        .withMessageContaining(why);
  }
}
