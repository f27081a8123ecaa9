package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Answers in a wanted shape: carried, refused or emulated. */
final class ResponseFormatTest {
  private static final Map<String, @Nullable Object> ANY_OBJECT = Map.of("type", "json_object");
  private static final Map<String, @Nullable Object> PERSON =
      Map.of(
          "type",
          "json_schema",
          "json_schema",
          Map.of(
              "name",
              "person",
              "schema",
              Map.of(
                  "type",
                  "object",
                  "properties",
                  Map.of("age", Map.of("type", "integer")),
                  "required",
                  List.of("age"))));

  @Test
  void isRefusedUnlessTheRouteEmulatesIt() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("x")).model("m", Dialects.ANYSERVE).build();

    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.chatCompletions().create(r -> r.user("Hi").responseFormat(ANY_OBJECT)));

    assertThat(refusal.param()).isEqualTo("response_format");
    assertThat(refusal.code()).isEqualTo("unsupported_parameter");
  }

  @Test
  void isSentAsJsonWhenATensorTakesIt() {
    Dialect guided =
        Dialect.builder("guided")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .input("format", Datatype.BYTES, RequestField.RESPONSE_FORMAT)
            .output("text", ResponseField.TEXT)
            .build();
    var backend = FakeBackend.responses(InferResponse.of(Tensor.text("text", "no JSON")));
    var openai = OpenAiKServe.builder(backend).model("m", guided).build();

    ChatCompletion answer =
        openai.chatCompletions().create(r -> r.user("Hi").responseFormat(ANY_OBJECT));

    assertThat(answer.text()).isEqualTo("no JSON");
    assertThat(backend.onlyRequest().input("format").orElseThrow().texts())
        .containsExactly("{\"type\":\"json_object\"}");
  }

  @Test
  void emulatedItIsAskedForInTheConversation() {
    var backend = FakeBackend.tokens("{\"age\": 7}");

    ChatCompletion answer =
        openai(backend)
            .chatCompletions()
            .create(r -> r.system("Be short.").user("Hi").responseFormat(PERSON));

    assertThat(answer.text()).isEqualTo("{\"age\": 7}");
    assertThat(prompt(backend.calls().get(0)))
        .startsWith("System: Be short.\n\nAnswer with one JSON object and nothing else")
        .contains("\"required\":[\"age\"]")
        .endsWith("User: Hi\n\nAssistant:");
  }

  @Test
  void withoutASystemMessageTheUserAsksForIt() {
    var backend = FakeBackend.tokens("{}");

    openai(backend)
        .chatCompletions()
        .create(r -> r.user("One").assistant("two").user("Three").responseFormat(ANY_OBJECT));

    assertThat(prompt(backend.calls().get(0)))
        .startsWith("User: One\n\nAssistant: two\n\nUser: Three\n\nAnswer with one JSON object");
  }

  @Test
  void anInvalidAnswerIsRequestedAgainOnceWithTheReason() {
    var backend = answering("{\"age\": \"old\"}", "{\"age\": 80}");

    ChatCompletion answer =
        openai(backend).chatCompletions().create(r -> r.user("Hi").responseFormat(PERSON));

    assertThat(answer.text()).isEqualTo("{\"age\": 80}");
    assertThat(backend.calls()).hasSize(2);
    assertThat(prompt(backend.calls().get(1)))
        .contains("Assistant: {\"age\": \"old\"}")
        .contains("That answer is not valid: The answer does not match the schema. At '/age': ");
  }

  @Test
  void bothTriesAreCounted() {
    var backend = answering("no", "{\"age\": 80}");

    ChatCompletion answer =
        openai(backend).chatCompletions().create(r -> r.user("Hi").responseFormat(PERSON));

    int first = (prompt(backend.calls().get(0)).length() + 3) / 4;
    int second = (prompt(backend.calls().get(1)).length() + 3) / 4;
    assertThat(answer.usage()).isEqualTo(new CompletionUsage(first + second, 2, true));
  }

  @Test
  void anAnswerThatIsWrongTwiceIsAnErrorThatSaysWhy() {
    var backend = answering("no", "{\"age\": true}", "{\"age\": 1}");

    var failure =
        catchThrowableOfType(
            InvalidAnswerException.class,
            () ->
                openai(backend).chatCompletions().create(r -> r.user("Hi").responseFormat(PERSON)));

    assertThat(backend.calls()).hasSize(2);
    assertThat(failure.status()).isEqualTo(502);
    assertThat(failure.code()).isEqualTo("invalid_model_output");
    assertThat(failure).hasMessageContaining("/age").hasMessageContaining("integer");
    assertThat(failure.answer()).isEqualTo("{\"age\": true}");
  }

  @Test
  void aWrongStreamedAnswerEndsInAnErrorAndWithoutAFinishReason() {
    List<ChatCompletionChunk> chunks = new ArrayList<>();
    var backend = FakeBackend.tokens("[", "1]");

    var failure =
        catchThrowableOfType(
            InvalidAnswerException.class,
            () -> {
              try (var stream =
                  openai(backend).chatCompletions().stream(
                      r -> r.user("Hi").responseFormat(ANY_OBJECT))) {
                stream.forEach(chunks::add);
              }
            });

    assertThat(failure).hasMessage("The answer is not a JSON object.");
    assertThat(backend.calls()).hasSize(1);
    assertThat(chunks).extracting(ChatCompletionChunk::text).containsExactly("", "[", "1]");
    assertThat(chunks).allMatch(chunk -> chunk.choices().get(0).finishReason() == null);
  }

  @Test
  void anAnswerThatWasCutOffSaysSoItself() {
    var backend = FakeBackend.tokens("{\"a\"");

    ChatCompletion answer =
        openai(backend)
            .chatCompletions()
            .create(r -> r.user("Hi").maxTokens(1).responseFormat(ANY_OBJECT));

    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(answer.text()).isEqualTo("{\"a\"");
  }

  @Test
  void anInvalidResponseFormatOrSchemaIsRejected() {
    Map<String, @Nullable Object> noSchema =
        Map.of("type", "json_schema", "json_schema", Map.of("name", "x"));
    Map<String, @Nullable Object> wrongSchema =
        Map.of(
            "type",
            "json_schema",
            "json_schema",
            Map.of("name", "x", "schema", Map.of("$ref", "https://example.com/schema.json")));

    for (Map<String, @Nullable Object> format :
        List.of(noSchema, wrongSchema, Map.<String, @Nullable Object>of("type", "xml"))) {
      var refusal =
          catchThrowableOfType(
              InvalidRequestException.class,
              () ->
                  openai(FakeBackend.tokens("{}"))
                      .chatCompletions()
                      .create(r -> r.user("Hi").responseFormat(format)));

      assertThat(refusal.param()).isEqualTo("response_format");
      assertThat(refusal.status()).isEqualTo(400);
    }
  }

  /** Answers each call with the next of the texts. */
  private static FakeBackend answering(String... texts) {
    var asked = new AtomicInteger();
    return FakeBackend.answering(
        call -> ScriptedResponse.of(FakeBackendReplies.tokens(texts[asked.getAndIncrement()])));
  }

  @Test
  void aCallOfANamedFunctionIsNotCheckedAgainstTheFormatOfTexts() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("{}}\n</tool_call>"))
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(ChatTemplates.QWEN3)
                        .emulateResponseFormat(true))
            .build();

    ChatCompletion answer =
        openai
            .chatCompletions()
            .create(
                r ->
                    r.user("Weather?")
                        .tool(ChatCompletionTool.function("weather", null, null))
                        .toolChoice(
                            Map.of("type", "function", "function", Map.of("name", "weather")))
                        .responseFormat(Map.of("type", "json_object")));

    assertThat(answer.toolCalls()).hasSize(1);
  }

  private static String prompt(InferCall call) {
    return call.request().input("prompt").orElseThrow().texts().get(0);
  }

  private static OpenAiKServe openai(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).emulateResponseFormat(true))
        .build();
  }
}
