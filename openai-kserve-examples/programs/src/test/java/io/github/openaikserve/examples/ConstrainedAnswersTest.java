package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The embedded worker generates only what a tool or a schema allows. */
final class ConstrainedAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, @Nullable Object> SUCCESS = report("tags", List.of("a b", "{}"));
  private static final List<ChatCompletionTool> TWO =
      List.of(
          ChatCompletionTool.function("first_tool", null, SUCCESS),
          ChatCompletionTool.function("second_tool", null, null));

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

  /** Returns a schema of an object with {@code success} and a property with one of the values. */
  private static Map<String, @Nullable Object> report(String property, List<String> values) {
    return Map.of(
        "type",
        "object",
        "properties",
        Map.of("success", Map.of("const", true), property, Map.of("enum", values)),
        "required",
        List.of("success", property),
        "additionalProperties",
        false);
  }

  private static ChatCompletion chat(Consumer<CreateChatCompletionRequest.Builder> request) {
    return service.openai.chatCompletions().create(request);
  }

  private static Consumer<CreateChatCompletionRequest.Builder> story(long seed) {
    return r -> r.user("Tell me a story about a fox.").seed(seed);
  }

  private static Consumer<CreateChatCompletionRequest.Builder> required(
      Map<String, @Nullable Object> schema) {
    return r ->
        r.tools(List.of(ChatCompletionTool.function("report", null, schema)))
            .toolChoice("required");
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
    ChatCompletion answer = chat(story(seed).andThen(required(SUCCESS)));

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
    ChatCompletion answer = chat(story(seed).andThen(r -> r.tools(TWO).toolChoice("required")));

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
    Map<String, Object> named =
        Map.of("type", "function", "function", Map.of("name", "second_tool"));

    ChatCompletion answer = chat(r -> r.user("Hello").tools(TWO).toolChoice(named).temperature(0));

    assertThat(answer.toolCalls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.name()).isEqualTo("second_tool");
              assertThat(json(call.arguments()).isEmpty()).isTrue();
            });
  }

  /** llama.cpp would create a grammar that ends within the name and has no effect. */
  @Test
  void aSchemaWithQuotesInItsValuesStillConstrains() {
    Map<String, @Nullable Object> quotes = report("tag", List.of("a\"b", "c"));
    Map<String, @Nullable Object> format =
        Map.of("type", "json_schema", "json_schema", Map.of("name", "report", "schema", quotes));

    ChatCompletion call = chat(story(1).andThen(required(quotes)));
    ChatCompletion answer = chat(story(1).andThen(r -> r.responseFormat(format)));

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
