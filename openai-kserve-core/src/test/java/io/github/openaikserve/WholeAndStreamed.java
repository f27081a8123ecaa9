package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionMessageToolCallChunk;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks for the same answer whole and as a stream. */
final class WholeAndStreamed {
  private WholeAndStreamed() {}

  /** Returns the whole answer, and checks that the stream has the same parts. */
  static ChatCompletion ask(
      OpenAiKServe openai, Consumer<CreateChatCompletionRequest.Builder> request) {
    ChatCompletion whole = openai.chatCompletions().create(request);
    try (var chunks = openai.chatCompletions().stream(request)) {
      assertThat(joined(chunks)).isEqualTo(parts(whole.choices().get(0)));
    }
    return whole;
  }

  private static Map<String, String> parts(ChatCompletion.Choice choice) {
    Map<String, String> parts = new TreeMap<>();
    add(parts, "content", choice.message().content());
    add(parts, "reasoning", choice.message().reasoningContent());
    int index = 0;
    for (ChatCompletionMessageToolCall call : choice.message().toolCalls()) {
      add(parts, "name " + index, call.name());
      add(parts, "arguments " + index++, call.arguments());
    }
    add(parts, "finish reason", String.valueOf(choice.finishReason()));
    return parts;
  }

  private static Map<String, String> joined(ChunkStream<ChatCompletionChunk> chunks) {
    Map<String, String> parts = new TreeMap<>();
    for (ChatCompletionChunk chunk : chunks) {
      ChatCompletionChunk.Choice choice = chunk.choices().get(0);
      add(parts, "content", choice.delta().content());
      add(parts, "reasoning", choice.delta().reasoningContent());
      for (ChatCompletionMessageToolCallChunk call : choice.delta().toolCalls()) {
        add(parts, "name " + call.index(), call.name());
        add(parts, "arguments " + call.index(), call.arguments());
      }
      if (choice.finishReason() != null) {
        add(parts, "finish reason", String.valueOf(choice.finishReason()));
      }
    }
    return parts;
  }

  private static void add(Map<String, String> parts, String part, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      parts.merge(part, text, String::concat);
    }
  }
}
