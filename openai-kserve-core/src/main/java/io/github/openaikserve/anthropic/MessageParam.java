package io.github.openaikserve.anthropic;

import java.util.List;

/**
 * A message of a conversation. Immutable.
 *
 * @param role {@code user}, {@code assistant} or {@code system}
 * @param content the blocks in order; consecutive messages of one role are one turn
 */
public record MessageParam(String role, List<ContentBlock> content) {
  /** Copies the list. */
  public MessageParam {
    content = List.copyOf(content);
  }

  /** Returns a user message. */
  public static MessageParam user(String text) {
    return user(List.of(ContentBlock.text(text)));
  }

  /** Returns a user message with blocks, such as texts, images and tool results. */
  public static MessageParam user(List<? extends ContentBlock> content) {
    return new MessageParam("user", List.copyOf(content));
  }

  /** Returns an assistant message. */
  public static MessageParam assistant(String text) {
    return new MessageParam("assistant", List.of(ContentBlock.text(text)));
  }

  /** Returns an assistant message with the content of an answer, to continue the conversation. */
  public static MessageParam assistant(Message answer) {
    return new MessageParam("assistant", answer.content());
  }
}
