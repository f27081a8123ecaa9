package io.github.openaikserve.chat;

import java.util.Optional;

/** Two templates of one model: the one for conversations with tools is used for these only. */
record TemplateByTools(BosChoice plain, BosChoice withTools) implements BosChoice {
  @Override
  public ChatPrompt render(Conversation conversation) {
    return (conversation.tools().isEmpty() ? plain : withTools).render(conversation);
  }

  @Override
  public BosChoice keepingBos() {
    return new TemplateByTools(plain.keepingBos(), withTools.keepingBos());
  }

  @Override
  public boolean reads(String templateArgument) {
    return plain.reads(templateArgument) || withTools.reads(templateArgument);
  }

  @Override
  public Optional<ToolCallFormat> toolCallFormat() {
    return withTools.toolCallFormat();
  }

  @Override
  public Optional<ReasoningFormat> reasoningFormat() {
    return withTools.reasoningFormat().or(plain::reasoningFormat);
  }
}
