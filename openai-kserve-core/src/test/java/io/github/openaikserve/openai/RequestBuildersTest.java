package io.github.openaikserve.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RequestBuildersTest {
  @Test
  void literalsAreTakenAsTheyAreWritten() {
    var request =
        CreateChatCompletionRequest.builder()
            .user("Hi")
            .temperature(1)
            .topP(1)
            .presencePenalty(1)
            .frequencyPenalty(-1)
            .seed(42)
            .stop("a", "b")
            .build();

    assertThat(request.temperature()).isEqualTo(1.0);
    assertThat(request.topP()).isEqualTo(1.0);
    assertThat(request.presencePenalty()).isEqualTo(1.0);
    assertThat(request.frequencyPenalty()).isEqualTo(-1.0);
    assertThat(request.seed()).isEqualTo(42L);
    assertThat(request.stop()).containsExactly("a", "b");
  }

  @Test
  void nullRemovesAField() {
    var builder = CreateCompletionRequest.builder().prompt("p").temperature(1).maxTokens(2);

    var request = builder.temperature(null).maxTokens(null).build();

    assertThat(request).isEqualTo(CreateCompletionRequest.builder().prompt("p").build());
  }

  @Test
  void messagesAndToolsAreAddedInOrder() {
    var weather = ChatCompletionTool.function("weather", null, null);
    var time = ChatCompletionTool.function("time", null, null);

    var request =
        CreateChatCompletionRequest.builder()
            .system("s")
            .messages(List.of(ChatCompletionRequestMessage.user("u")))
            .message(ChatCompletionRequestMessage.assistant("a"))
            .tool(weather)
            .tools(List.of(time))
            .build();

    assertThat(request.messages())
        .extracting(ChatCompletionRequestMessage::role)
        .containsExactly("system", "user", "assistant");
    assertThat(request.tools()).containsExactly(weather, time);
    assertThat(request.withMessages(List.of(ChatCompletionRequestMessage.user("x"))).messages())
        .containsExactly(ChatCompletionRequestMessage.user("x"));
  }

  @Test
  void aUserMessageMayHaveParts() {
    var image = new ContentPart.Media("image_url", Map.of("url", "data:,"));

    var request =
        CreateChatCompletionRequest.builder()
            .user(ContentPart.text("look"), ContentPart.imageUrl("data:,"))
            .build();

    assertThat(request.messages().get(0).content())
        .isEqualTo(new MessageContent.Parts(List.of(new ContentPart.Text("look"), image)));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> CreateChatCompletionRequest.builder().user(new ContentPart[0]));
  }

  @Test
  void theEndUserIsOpenAisFieldUser() {
    var request = CreateChatCompletionRequest.builder().user("Hi").endUser("u-1").build();

    assertThat(request.messages()).hasSize(1);
    assertThat(request.extra()).containsExactly(Map.entry("user", "u-1"));
  }

  @Test
  void aSchemaIsAResponseFormat() {
    Map<String, Object> schema = Map.of("type", "object");

    var request =
        CreateChatCompletionRequest.builder().user("Hi").responseSchema("city", schema).build();

    assertThat(request.responseFormat())
        .isEqualTo(
            Map.of(
                "type",
                "json_schema",
                "json_schema",
                Map.of("name", "city", "schema", schema, "strict", true)));
  }

  @Test
  void theUsageOfAStreamNeedsNoStreamField() {
    var request = CreateCompletionRequest.builder().prompt("p").includeUsage().build();

    assertThat(request.streamOptions()).isEqualTo(new StreamOptions(true));
    assertThat(request.stream()).isNull();
  }

  static Stream<Arguments> unknownWords() {
    return Stream.of(
        Arguments.of(
            "reasoning.effort", (Runnable) () -> response().reasoningEffort("huge").build()),
        Arguments.of(
            "reasoning.summary", (Runnable) () -> response().reasoningSummary("long").build()),
        Arguments.of("text.verbosity", (Runnable) () -> response().verbosity("loud").build()),
        Arguments.of("truncation", (Runnable) () -> response().truncation("some").build()),
        Arguments.of(
            "include[1]",
            (Runnable)
                () -> response().include(List.of("reasoning.text", "output.logprobs")).build()),
        Arguments.of("service_tier", extra("service_tier", "gold")),
        Arguments.of("prompt_cache_retention", extra("prompt_cache_retention", "1h")),
        Arguments.of(
            "prompt_cache_options.mode", extra("prompt_cache_options", Map.of("mode", "x"))),
        Arguments.of("prompt_cache_options.ttl", extra("prompt_cache_options", Map.of("ttl", "x"))),
        Arguments.of(
            "service_tier", (Runnable) () -> response().extra("service_tier", "gold").build()),
        Arguments.of(
            "output_config.effort",
            (Runnable) () -> CreateMessageRequest.builder().user("Hi").effort("huge").build()));
  }

  private static Runnable extra(String name, Object value) {
    return () -> CreateChatCompletionRequest.builder().user("Hi").extra(name, value).build();
  }

  private static CreateResponseRequest.Builder response() {
    return CreateResponseRequest.builder().input("Hi");
  }

  @ParameterizedTest
  @MethodSource("unknownWords")
  void aWordThatJsonMayNotHaveIsRefused(String param, Runnable build) {
    var refusal = catchThrowableOfType(InvalidRequestException.class, build::run);

    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal).hasMessageStartingWith("Invalid value: '");
  }

  static Stream<Arguments> wrongTypes() {
    return Stream.of(
        Arguments.of("service_tier", "a decimal", extra("service_tier", 1.5)),
        Arguments.of("safety_identifier", "a boolean", extra("safety_identifier", true)),
        Arguments.of("prompt_cache_options", "an array", extra("prompt_cache_options", List.of())),
        Arguments.of("metadata", "a string", extra("metadata", "x")),
        Arguments.of("metadata.run", "an integer", extra("metadata", Map.of("run", 7))),
        Arguments.of(
            "metadata.run", "null", extra("metadata", Collections.singletonMap("run", null))));
  }

  @ParameterizedTest
  @MethodSource("wrongTypes")
  void aTypeThatJsonMayNotHaveIsRefused(String param, String got, Runnable build) {
    var refusal = catchThrowableOfType(InvalidRequestException.class, build::run);

    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal).hasMessageEndingWith("but got %s instead.".formatted(got));
  }

  static Stream<Runnable> longSafetyIdentifiers() {
    String identifier = "x".repeat(65);
    return Stream.of(
        extra("safety_identifier", identifier),
        () -> response().extra("safety_identifier", identifier).build());
  }

  @ParameterizedTest
  @MethodSource("longSafetyIdentifiers")
  void aSafetyIdentifierThatIsTooLongIsRefused(Runnable build) {
    var refusal = catchThrowableOfType(InvalidRequestException.class, build::run);

    assertThat(refusal.param()).isEqualTo("safety_identifier");
    assertThat(refusal.code()).isEqualTo("string_above_max_length");
  }

  @Test
  void metadataThatIsTooLongIsRefused() {
    var long513 = extra("metadata", Map.of("a", "x".repeat(513)));

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(long513::run)
        .withMessageContaining("values of at most 512 characters");
  }

  static Stream<Consumer<CreateChatCompletionRequest.Builder>> missingTexts() {
    return Stream.of(
        r -> r.user((String) missing()),
        r -> r.system(missing()),
        r -> r.assistant(missing()),
        r -> r.user(ContentPart.text(missing())),
        r -> r.message(ChatCompletionRequestMessage.tool(missing(), "r")),
        r -> r.message(ChatCompletionRequestMessage.tool("c", missing())),
        r -> r.message(new UserMessage(missing(), null, Map.of())),
        r -> r.message(new SystemMessage("system", missing(), null, Map.of())));
  }

  /** Returns null, as Java callers without a check of nulls may pass it. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T missing() {
    return null;
  }

  @ParameterizedTest
  @MethodSource("missingTexts")
  void aMessageWithoutATextIsRefused(Consumer<CreateChatCompletionRequest.Builder> message) {
    var builder = CreateChatCompletionRequest.builder();

    assertThatNullPointerException().isThrownBy(() -> message.accept(builder));
  }

  @Test
  void jsonThatContainsItselfIsRefused() {
    Map<String, Object> schema = new HashMap<>();
    schema.put("properties", schema);
    var builder = CreateChatCompletionRequest.builder().user("Hi");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.extra("x", schema))
        .withMessageContaining("nested deeper than");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.tool(ChatCompletionTool.function("f", null, schema)));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.responseSchema("s", schema));
  }

  @Test
  void noJsonInsideIsTheCallersOwn() {
    Map<String, Object> inner = new HashMap<>(Map.of("type", "object"));
    List<Object> list = new ArrayList<>(List.of(inner));
    Map<String, Object> json = new HashMap<>(Map.of("inner", inner, "list", list));
    var request =
        CreateChatCompletionRequest.builder()
            .user(new ContentPart.Media("file", json))
            .responseFormat(json)
            .tool(ChatCompletionTool.function("f", null, json))
            .toolChoice(json)
            .extra("prediction", json)
            .message(
                new ChatCompletionRequestMessage.UserMessage(MessageContent.of("x"), null, json))
            .build();
    int before = request.hashCode();

    inner.put("changed", true);
    list.add("changed");
    json.put("changed", true);

    assertThat(request.hashCode()).isEqualTo(before);
  }

  @Test
  void jsonInsideCannotBeChangedAtAnyLevel() {
    Map<String, Object> schema = Map.of("anyOf", List.of(Map.of("type", "object")));
    var request =
        CreateChatCompletionRequest.builder().user("Hi").responseSchema("n", schema).build();
    List<Object> levels = new ArrayList<>();
    collect(request.responseFormat(), levels);

    assertThat(levels).hasSize(5);
    for (Object level : levels) {
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(level instanceof Map<?, ?> map ? map::clear : ((List<?>) level)::clear);
    }
  }

  private static void collect(@Nullable Object json, List<Object> levels) {
    if (json instanceof Map<?, ?> map) {
      levels.add(map);
      map.values().forEach(value -> collect(value, levels));
    } else if (json instanceof List<?> list) {
      levels.add(list);
      list.forEach(value -> collect(value, levels));
    }
  }

  static Stream<Object> requests() {
    return Stream.of(
        CreateChatCompletionRequest.builder().model("m").user("secret").endUser("secret").build(),
        CreateCompletionRequest.builder().model("m").prompt("secret").suffix("secret").build(),
        CreateEmbeddingRequest.builder().model("m").input("secret").endUser("secret").build());
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aRequestNamesItsModelAndNeverItsContents(Object request) {
    assertThat(request.toString()).contains("model=m", "=1").doesNotContain("secret");
  }

  @Test
  void toBuilderCopiesAllFieldsAndDoesNotChangeTheRequest() {
    var chat = CreateChatCompletionRequest.builder().user("Hi").seed(1).extra("top_k", 2).build();
    var completion = CreateCompletionRequest.builder().prompt("p").bestOf(2).build();
    var embedding = CreateEmbeddingRequest.builder().input("a").dimensions(3).build();

    assertThat(chat.toBuilder().build()).isEqualTo(chat).hasSameHashCodeAs(chat);
    assertThat(completion.toBuilder().build()).isEqualTo(completion);
    assertThat(embedding.toBuilder().build()).isEqualTo(embedding);
    assertThat(chat.toBuilder().assistant("Hello").seed(2).build()).isNotEqualTo(chat);
    assertThat(chat.messages()).hasSize(1);
    assertThat(chat.toBuilder().extra("min_p", 0.1).build()).isNotEqualTo(chat);
  }
}
