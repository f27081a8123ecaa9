package io.github.openaikserve.chat;

/**
 * The handling of the model's control tokens, such as {@code <|im_start|>}, in the text of users
 * and tools. A model takes them for the template's own: text with them can begin a turn of another
 * role.
 */
public enum ControlTokens {
  /** Passes them to the model as they are. */
  KEEP,
  /** Refuses the request with status 400. */
  REFUSE,
  /** Puts a word joiner (U+2060) into them, so that the model reads ordinary text. */
  SPLIT
}
