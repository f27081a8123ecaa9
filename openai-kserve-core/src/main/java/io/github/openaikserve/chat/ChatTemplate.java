package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.ModelFormat;
import java.util.Set;

/**
 * A template that renders a conversation in the format a model was trained on. Stateless and
 * thread-safe.
 */
@FunctionalInterface
public interface ChatTemplate {
  /**
   * Renders the prompt for the assistant's next message.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException naming the message or part that
   *     the template does not support
   */
  ChatPrompt render(Conversation conversation);

  /**
   * Returns the formats of the model's reasoning and tool calls, as far as the template shows them.
   */
  default ModelFormat format() {
    return ModelFormat.TEXT;
  }

  /**
   * Returns the texts of the model's control tokens, such as {@code <|im_start|>}, for {@link
   * ControlTokens}; empty if unknown.
   */
  default Set<String> controlTokens() {
    return Set.of();
  }

  /** Returns whether the template reads an argument of {@link Conversation#chatTemplateKwargs}. */
  default boolean reads(String templateArgument) {
    return false;
  }
}
