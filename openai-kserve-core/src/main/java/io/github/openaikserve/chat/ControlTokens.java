package io.github.openaikserve.chat;

/**
 * The handling of the model's control tokens, such as {@code <|im_start|>}, in the text of users
 * and tools. A model cannot distinguish them from those of the template, so such text can start a
 * turn of another role.
 */
public enum ControlTokens {
  /** Passes control tokens to the model unchanged. */
  KEEP,
  /** Rejects the request with status 400. */
  REFUSE,
  /** Inserts a word joiner (U+2060) into control tokens, so that the model reads ordinary text. */
  SPLIT
}
