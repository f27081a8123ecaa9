package io.github.openaikserve.chat;

import java.util.Optional;

/** Writes a conversation down in the form a model was trained on. Stateless and thread-safe. */
@FunctionalInterface
public interface ChatTemplate {
  /**
   * The prompt for the next answer of the assistant.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException naming the message or part that
   *     the form has no place for
   */
  ChatPrompt render(Conversation conversation);

  /**
   * How the models of this form write calls of tools; empty when they make none or it is not known.
   */
  default Optional<ToolCallFormat> toolCallFormat() {
    return Optional.empty();
  }

  /** How the models of this form set reasoning apart; empty when they do not or it is not known. */
  default Optional<ReasoningFormat> reasoningFormat() {
    return Optional.empty();
  }
}
