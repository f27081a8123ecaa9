package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.ModelFormat;
import java.util.HashSet;
import java.util.Set;

/** A pair of templates of one model: one for conversations with tools, one for all others. */
record ToolAwareTemplate(ChatTemplate plain, ChatTemplate withTools) implements ChatTemplate {
  @Override
  public ChatPrompt render(Conversation conversation) {
    return (conversation.tools().isEmpty() ? plain : withTools).render(conversation);
  }

  @Override
  public boolean reads(String templateArgument) {
    return plain.reads(templateArgument) || withTools.reads(templateArgument);
  }

  @Override
  public Set<String> controlTokens() {
    Set<String> tokens = new HashSet<>(plain.controlTokens());
    tokens.addAll(withTools.controlTokens());
    return tokens;
  }

  @Override
  public ModelFormat format() {
    ModelFormat format = withTools.format();
    return format.reasoning() != null
        ? format
        : new ModelFormat(plain.format().reasoning(), format.toolCalls(), format.evidence());
  }
}
