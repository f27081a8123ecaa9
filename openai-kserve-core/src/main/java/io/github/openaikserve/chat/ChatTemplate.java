package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.ModelFormat;
import java.util.Set;

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

  /** Returns how the model writes reasoning and tool calls, as far as the template shows it. */
  default ModelFormat format() {
    return ModelFormat.TEXT;
  }

  /**
   * Returns the texts that the model reads as control tokens, such as {@code <|im_start|>}, for
   * {@link ControlTokens}; empty if none is known.
   */
  default Set<String> controlTokens() {
    return Set.of();
  }

  /** Whether the form makes use of this one of {@link Conversation#templateArguments}. */
  default boolean reads(String templateArgument) {
    return false;
  }
}
