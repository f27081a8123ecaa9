package io.github.openaikserve.chat;

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
}
