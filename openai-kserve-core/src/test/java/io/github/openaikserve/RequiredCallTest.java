package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.testing.FakeBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that the request requires, of which the prompt has the beginning. */
final class RequiredCallTest {
  private static final Path TEMPLATES = Path.of("src/test/resources/model-templates");
  private static final ChatCompletionTool BOOK =
      ChatCompletionTool.function(
          "book",
          "Books.",
          Map.of("type", "object", "properties", Map.of("zip", Map.of("type", "string"))));

  @Test
  void aRequiredCallEndsOpenReasoningFirst() {
    var backend =
        FakeBackend.tokens("\n<parameter=zip>\n1\n</parameter>\n</function>\n</tool_call>");
    ChatCompletion answer =
        OpenAiKServe.builder(backend)
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(
                            ChatTemplates.fromJinja(TEMPLATES.resolve("Qwen3.5-4B.jinja"))))
            .build()
            .chatCompletions()
            .create(r -> r.user("Hi").tool(BOOK).toolChoice("required"));

    assertThat(backend.onlyRequest().input("prompt").orElseThrow().texts().get(0))
        .endsWith("</think>\n\n<tool_call>\n<function=book>\n");
    assertThat(answer.toolCalls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"succleean\", \"conke\": \"good lple\"}}\n</tool_call>",
        "{\"zip\": oops}}\n</tool_call>",
        "[1]}\n</tool_call>",
        "\"zip\"}\n</tool_call>",
      })
  void aRequiredCallWhoseArgumentsAreNotJsonIsNotACall(String arguments) {
    Consumer<CreateChatCompletionRequest.Builder> request =
        r -> r.user("Hi").tool(BOOK).toolChoice("required");
    var backend = FakeBackend.tokens(arguments);
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.QWEN3))
            .build();

    ChatCompletion whole = openai.chatCompletions().create(request);

    assertThat(backend.onlyRequest().input("prompt").orElseThrow().texts().get(0))
        .endsWith("{\"name\": \"book\", \"arguments\":");
    assertThat(whole.toolCalls()).isEmpty();
    assertThat(whole.choices().get(0).finishReason()).isNotEqualTo(FinishReason.TOOL_CALLS);
    List<ChatCompletionChunk> chunks = new ArrayList<>();
    Throwable failure =
        catchThrowable(
            () -> {
              try (var stream = openai.chatCompletions().stream(request)) {
                stream.forEach(chunks::add);
              }
            });
    assertThat(chunks)
        .noneMatch(chunk -> chunk.choices().get(0).finishReason() == FinishReason.TOOL_CALLS);
    if (chunks.stream().anyMatch(c -> !c.choices().get(0).delta().toolCalls().isEmpty())) {
      assertThat(failure).isInstanceOf(InvalidAnswerException.class);
    }
  }
}
