package io.github.openaikserve;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.Conversation;
import java.util.List;
import java.util.TreeMap;

/** Writes nothing but its arguments down, and reads {@code enable_thinking}. */
final class ThinkingTemplate implements ChatTemplate {
  @Override
  public ChatPrompt render(Conversation conversation) {
    return new ChatPrompt(
        new TreeMap<>(conversation.chatTemplateKwargs()).toString(), List.of(), false);
  }

  @Override
  public boolean reads(String templateArgument) {
    return templateArgument.equals("enable_thinking");
  }
}
