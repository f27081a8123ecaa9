package io.github.openaikserve.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A fake speaks as a server of each built-in dialect does. */
final class FakeDialectsTest {
  /** A dialect and the answer {@code Hello world} of its server. */
  private record Server(
      String dialect, Dialect table, Function<InferCall, ScriptedResponse> reply) {
    @Override
    public String toString() {
      return dialect;
    }
  }

  private static final Map<String, Function<InferCall, ScriptedResponse>> REPLIES =
      Map.of(
          "ANYSERVE", call -> ScriptedResponse.tokens(call, "Hello", " world"),
          "TRITON_VLLM", call -> ScriptedResponse.texts("text_output", "Hello", " world"),
          "TENSORRT_LLM", call -> ScriptedResponse.texts("text_output", "Hello", " world"),
          "TENSORRT_LLM_BLS", call -> ScriptedResponse.texts("text_output", "Hello", "Hello world"),
          "TENSORRT_LLM_API", call -> ScriptedResponse.texts("text_output", "Hello", "Hello world"),
          "DYNAMO", call -> ScriptedResponse.texts("text_output", "Hello", " world"),
          "MLSERVER_HUGGINGFACE",
              call -> ScriptedResponse.texts("output", "{\"generated_text\":\"Hello world\"}"));

  static List<Server> servers() {
    return dialects()
        .filter(REPLIES::containsKey)
        .map(name -> new Server(name, dialect(name), Objects.requireNonNull(REPLIES.get(name))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("servers")
  void aFakeOfEachDialectAnswersChatsWholeAndStreamed(Server server) {
    var openai =
        OpenAiKServe.builder(FakeBackend.answering(server.reply()))
            .model("m", m -> m.dialect(server.table()).chatTemplate(ChatTemplates.CHATML))
            .build();

    assertThat(openai.chatCompletions().create(r -> r.user("Hi")).text()).isEqualTo("Hello world");
    try (var chunks = openai.chatCompletions().stream(r -> r.user("Hi"))) {
      assertThat(chunks.asStream().map(chunk -> chunk.text()).collect(Collectors.joining()))
          .isEqualTo("Hello world");
    }
  }

  @Test
  void aFakeEmbedsScoresAndClassifies() {
    var embeds =
        OpenAiKServe.builder(
                FakeBackend.answering(
                    call -> ScriptedResponse.vectors("embedding_output", new float[] {1, 0})))
            .model("m", Dialects.EMBEDDINGS)
            .build();
    assertThat(embeds.embeddings().create(r -> r.input("a")).data()).hasSize(1);

    var scores =
        OpenAiKServe.builder(
                FakeBackend.answering(call -> ScriptedResponse.scores("scores", 0.1f, 0.9f)))
            .model("m", m -> m.tensorDialect(Dialects.SCORES))
            .build();
    assertThat(
            scores.rerank().create(r -> r.query("q").documents("a", "b")).results().get(0).index())
        .isEqualTo(1);

    var classes =
        OpenAiKServe.builder(
                FakeBackend.answering(
                    call -> ScriptedResponse.vectors("scores", new float[] {0.2f, 0.8f})))
            .model("m", m -> m.tensorDialect(Dialects.CLASSIFICATION).labels("no", "yes"))
            .build();
    assertThat(classes.classify().create(r -> r.input("a")).data().get(0).label()).isEqualTo("yes");
  }

  /** A new dialect needs its fake here. */
  @Test
  void everyBuiltInDialectIsCovered() {
    assertThat(dialects())
        .containsAll(REPLIES.keySet())
        .hasSize(
            REPLIES.size()
                + List.of("EMBEDDINGS", "SCORES", "CLASSIFICATION", "MLSERVER_CLASSIFICATION")
                    .size());
  }

  private static Stream<String> dialects() {
    return Stream.of(Dialects.class.getDeclaredFields())
        .filter(field -> Modifier.isPublic(field.getModifiers()))
        .filter(field -> field.getType() == Dialect.class)
        .map(field -> field.getName());
  }

  private static Dialect dialect(String name) {
    try {
      return (Dialect) Dialects.class.getField(name).get(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
