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
  /**
   * Changes control tokens into ordinary text. If the dialect has an input for token ids and the
   * model's {@code tokenCounter} is a {@link Tokenizer}, the prompt is sent as token ids that
   * contain no user's control tokens. Otherwise a word joiner (U+2060) is inserted into each
   * control token.
   */
  SPLIT
}
