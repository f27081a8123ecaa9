package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a chat template writes down. Immutable.
 *
 * @param tools what the model may call; empty for nothing
 * @param templateArguments further variables for a template that has them, as plain JSON values by
 *     name, such as {@code enable_thinking}
 * @param addsGenerationPrompt whether the prompt ends with the beginning of an answer
 */
public record Conversation(
    List<ChatCompletionRequestMessage> messages,
    List<ChatCompletionTool> tools,
    Map<String, @Nullable Object> templateArguments,
    boolean addsGenerationPrompt) {
  /** Copies lists and map. */
  public Conversation {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    templateArguments = Collections.unmodifiableMap(new LinkedHashMap<>(templateArguments));
  }

  /** A conversation that is to be answered. */
  public Conversation(
      List<ChatCompletionRequestMessage> messages,
      List<ChatCompletionTool> tools,
      Map<String, @Nullable Object> templateArguments) {
    this(messages, tools, templateArguments, true);
  }

  /** A conversation without tools that is to be answered. */
  public Conversation(List<ChatCompletionRequestMessage> messages) {
    this(messages, List.of(), Map.of());
  }
}
