package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.testing.FakeBackend;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The structures that a server receives to constrain a required call. */
final class CallStructuresTest {
  private static final Dialect CONSTRAINED =
      Dialect.builder("constrained")
          .input("prompt", Datatype.BYTES, RequestField.PROMPT)
          .input("calls", Datatype.BYTES, RequestField.TOOL_CALL_STRUCTURES)
          .output("text", ResponseField.TEXT)
          .build();
  private static final Map<String, @Nullable Object> CITY =
      Map.of("type", "object", "properties", Map.of("city", Map.of("type", "string")));
  private static final ChatCompletionTool WEATHER =
      ChatCompletionTool.function("weather", null, CITY);
  private static final ChatCompletionTool CLOCK = ChatCompletionTool.function("clock", null, null);

  private ChatCompletion lastAnswer = new ChatCompletion("", 0, "", List.of(), null, List.of());

  private InferRequest sent(
      ToolCallFormat format, String answer, Consumer<CreateChatCompletionRequest.Builder> request) {
    var backend = FakeBackend.responses(InferResponse.of(Tensor.text("text", answer)));
    lastAnswer =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.dialect(CONSTRAINED)
                        .chatTemplate(ChatTemplates.CHATML)
                        .toolCallFormat(format))
            .build()
            .chatCompletions()
            .create(r -> request.accept(r.user("Hi").tools(List.of(WEATHER, CLOCK))));
    return backend.onlyRequest();
  }

  private static String calls(InferRequest request) {
    return request.input("calls").orElseThrow().texts().get(0);
  }

  @Test
  void aNamedFunctionIsTheOnlyOne() {
    InferRequest request =
        sent(
            ToolCallFormats.HERMES,
            " {\"city\": \"Rome\"}}\n</tool_call>",
            r -> r.toolChoice(Map.of("type", "function", "function", Map.of("name", "weather"))));

    assertThat(request.input("prompt").orElseThrow().texts().get(0))
        .endsWith("<tool_call>\n{\"name\": \"weather\", \"arguments\":");
    assertThat(calls(request))
        .contains("\"begin\":\"\"", "\"end\":\"}\\n</tool_call>\"", "\"city\"")
        .doesNotContain("additionalProperties");
  }

  @Test
  void ofSeveralFunctionsAnyMayBeCalled() {
    InferRequest request =
        sent(ToolCallFormats.HERMES, "clock\", \"arguments\": {}}", r -> r.toolChoice("required"));

    assertThat(calls(request))
        .contains(
            "\"begin\":\"weather\\\", \\\"arguments\\\":\"",
            "\"begin\":\"clock\\\", \\\"arguments\\\":\"",
            "\"additionalProperties\":false");
  }

  @Test
  void aCallThatIsNotRequiredIsNotConstrained() {
    assertThat(sent(ToolCallFormats.HERMES, "no", r -> {}).input("calls")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen3_coder", "glm45", "llama3_pythonic", "minimax_m2", "gemma4"})
  void aFormatWithoutJsonIsConstrainedToTheSameMarkersAroundJson(String name) {
    ToolCallFormat json = ToolCallFormats.byName(name).orElseThrow().constrainable();
    String begin = json.opening("weather").orElseThrow();
    String rest = begin.substring(json.opening(null).orElseThrow().length());

    InferRequest request =
        sent(
            ToolCallFormats.byName(name).orElseThrow(),
            rest + "{\"city\": \"Rome\"}" + json.closing().orElseThrow(),
            r -> r.toolChoice("required"));

    assertThat(calls(request)).contains("weather", "clock", "\"additionalProperties\":false");
    assertThat(lastAnswer.toolCalls())
        .singleElement()
        .satisfies(call -> assertThat(call.arguments()).isEqualTo("{\"city\": \"Rome\"}"));
  }

  /** What the structure allows is what the format's own parser reads. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "hermes",
        "llama3_json",
        "mistral",
        "mistral_v11",
        "deepseek_v3",
        "deepseek_v31",
        "granite",
        "phi4_mini",
        "kimi_k2",
        "harmony"
      })
  void theConstrainedTextIsACall(String name) {
    ToolCallFormat format = ToolCallFormats.byName(name).orElseThrow();
    String opening = format.opening(null).orElseThrow();
    String begin = format.opening("weather").orElseThrow().substring(opening.length());
    String text = begin + "{\"city\":\"Rome\"}" + format.closing().orElseThrow();
    var backend = FakeBackend.responses(InferResponse.of(Tensor.text("text", text)));

    ChatCompletion answer =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.dialect(CONSTRAINED)
                        .chatTemplate(ChatTemplates.CHATML)
                        .toolCallFormat(format))
            .build()
            .chatCompletions()
            .create(r -> r.user("Hi").tools(List.of(WEATHER, CLOCK)).toolChoice("required"));

    assertThat(answer.toolCalls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.name()).isEqualTo("weather");
              assertThat(call.arguments()).isEqualTo("{\"city\":\"Rome\"}");
            });
  }
}
