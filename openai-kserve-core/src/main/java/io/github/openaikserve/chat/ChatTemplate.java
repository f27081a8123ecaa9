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

  /** Returns the format of the model's tool calls; empty if it is not known to make any. */
  default Optional<ToolCallFormat> toolCallFormat() {
    return Optional.empty();
  }

  /** How the model sets its reasoning apart; empty when it is not known to reason. */
  default Optional<ReasoningFormat> reasoningFormat() {
    return Optional.empty();
  }

  /** Whether the form makes use of this one of {@link Conversation#templateArguments}. */
  default boolean reads(String templateArgument) {
    return false;
  }
}
