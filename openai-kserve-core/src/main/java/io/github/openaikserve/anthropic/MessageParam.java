package io.github.openaikserve.anthropic;

import java.util.List;

/**
 * A message of a conversation. Immutable.
 *
 * @param role {@code user}, {@code assistant} or {@code system}
 * @param content the blocks in order; messages of one role in succession are one turn
 */
public record MessageParam(String role, List<ContentBlock> content) {
  /** Copies the list. */
  public MessageParam {
    content = List.copyOf(content);
  }

  /** Returns a message of the user. */
  public static MessageParam user(String text) {
    return user(List.of(ContentBlock.text(text)));
  }

  /** Returns a message of the user, such as texts, images and results of tools. */
  public static MessageParam user(List<? extends ContentBlock> content) {
    return new MessageParam("user", List.copyOf(content));
  }

  /** Returns a message of the assistant. */
  public static MessageParam assistant(String text) {
    return new MessageParam("assistant", List.of(ContentBlock.text(text)));
  }

  /** Returns an answer as a message, with which to continue the conversation. */
  public static MessageParam assistant(Message answer) {
    return new MessageParam("assistant", answer.content());
  }
}
