package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The input of a chat template. Immutable.
 *
 * @param tools the tools that the model may call; empty for none
 * @param chatTemplateKwargs additional variables of the template, as plain JSON values by name,
 *     such as {@code enable_thinking}
 * @param addsGenerationPrompt whether the prompt ends with the start of an assistant message
 */
public record Conversation(
    List<ChatCompletionRequestMessage> messages,
    List<ChatCompletionTool> tools,
    Map<String, @Nullable Object> chatTemplateKwargs,
    boolean addsGenerationPrompt) {
  /** Copies lists and map. */
  public Conversation {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    chatTemplateKwargs = Collections.unmodifiableMap(new LinkedHashMap<>(chatTemplateKwargs));
  }

  /** Creates a conversation with a generation prompt. */
  public Conversation(
      List<ChatCompletionRequestMessage> messages,
      List<ChatCompletionTool> tools,
      Map<String, @Nullable Object> chatTemplateKwargs) {
    this(messages, tools, chatTemplateKwargs, true);
  }

  /** Creates a conversation without tools, with a generation prompt. */
  public Conversation(List<ChatCompletionRequestMessage> messages) {
    this(messages, List.of(), Map.of());
  }
}
