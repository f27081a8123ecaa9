package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.FinishReason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The embedded worker writes what a tool or a schema allows, and nothing else. */
final class ConstrainedAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, @Nullable Object> SUCCESS =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("success", Map.of("const", true), "tags", Map.of("enum", List.of("a b", "{}"))),
          "required",
          List.of("success", "tags"),
          "additionalProperties",
          false);

  @SuppressWarnings("NullAway.Init")
  private static RunningService service;

  @BeforeAll
  static void start() throws IOException {
    service = new RunningService();
  }

  @AfterAll
  static void end() {
    service.close();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theArgumentsOfARequiredCallFitItsTool(long seed) {
    ChatCompletion answer =
        service
            .openai
            .chatCompletions()
            .create(
                r ->
                    r.user("Tell me a story about a fox.")
                        .tools(List.of(ChatCompletionTool.function("report", null, SUCCESS)))
                        .toolChoice("required")
                        .seed(seed));

    assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    assertThat(answer.toolCalls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.name()).isEqualTo("report");
              assertThat(json(call.arguments()).path("success").asBoolean()).isTrue();
              assertThat(json(call.arguments()).path("tags").asText()).isIn("a b", "{}");
            });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aRequiredCallIsOneOfTheTools(long seed) {
    ChatCompletion answer =
        service
            .openai
            .chatCompletions()
            .create(
                r ->
                    r.user("Once upon a time")
                        .tools(
                            List.of(
                                ChatCompletionTool.function("first_tool", null, SUCCESS),
                                ChatCompletionTool.function("second_tool", null, null)))
                        .toolChoice("required")
                        .seed(seed));

    assertThat(answer.toolCalls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.name()).isIn("first_tool", "second_tool");
              assertThat(json(call.arguments()).isObject()).isTrue();
            });
  }

  @Test
  void aNamedFunctionIsCalled() {
    ChatCompletion answer =
        service
            .openai
            .chatCompletions()
            .create(
                r ->
                    r.user("Hello")
                        .tools(
                            List.of(
                                ChatCompletionTool.function("first_tool", null, SUCCESS),
                                ChatCompletionTool.function("second_tool", null, null)))
                        .toolChoice(
                            Map.of("type", "function", "function", Map.of("name", "second_tool")))
                        .temperature(0));

    assertThat(answer.toolCalls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.name()).isEqualTo("second_tool");
              assertThat(json(call.arguments()).isEmpty()).isTrue();
            });
  }

  /** llama.cpp would write a grammar that ends within the name, and constrain nothing. */
  @Test
  void aSchemaWithQuotesInItsValuesStillConstrains() {
    Map<String, @Nullable Object> quotes =
        Map.of(
            "type",
            "object",
            "properties",
            Map.of("success", Map.of("const", true), "tag", Map.of("enum", List.of("a\"b", "c"))),
            "required",
            List.of("success", "tag"),
            "additionalProperties",
            false);

    ChatCompletion call =
        service
            .openai
            .chatCompletions()
            .create(
                r ->
                    r.user("Tell me a story about a fox.")
                        .tools(List.of(ChatCompletionTool.function("report", null, quotes)))
                        .toolChoice("required")
                        .seed(1));
    ChatCompletion answer =
        service
            .openai
            .chatCompletions()
            .create(
                r ->
                    r.user("Tell me a story about a fox.")
                        .responseFormat(
                            Map.of(
                                "type",
                                "json_schema",
                                "json_schema",
                                Map.of("name", "report", "schema", quotes)))
                        .seed(1));

    for (String text : List.of(call.toolCalls().get(0).arguments(), answer.text())) {
      assertThat(json(text).path("success").asBoolean()).isTrue();
      assertThat(json(text).path("tag").isTextual()).isTrue();
    }
  }

  @Test
  void aPromptBeyondTheContextIsContextLengthExceeded() {
    var failure =
        catchThrowableOfType(
            BackendException.class,
            () -> service.openai.chatCompletions().create(r -> r.user("word ".repeat(3000))));

    assertThat(failure.status()).isEqualTo(400);
    assertThat(failure.code()).isEqualTo("context_length_exceeded");
    assertThat(failure)
        .hasMessageStartingWith("This model's maximum context length is 1024 tokens");
  }

  @Test
  void aTextToEmbedBeyondTheContextIsContextLengthExceeded() {
    var failure =
        catchThrowableOfType(
            BackendException.class,
            () -> service.openai.embeddings().create(r -> r.input("word ".repeat(3000))));

    assertThat(failure.code()).isEqualTo("context_length_exceeded");
  }
}
