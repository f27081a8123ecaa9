package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import java.util.List;

/** What a chat template writes down. Immutable. */
public record Conversation(List<ChatCompletionRequestMessage> messages) {
  /** Copies the list. */
  public Conversation {
    messages = List.copyOf(messages);
  }
}
