package io.github.openaikserve.chat;

/** A template that omits the text of the BOS token, unless {@link #keepingBos} is used. */
interface BosChoice extends ChatTemplate {
  /** Returns the template with the text of the BOS token. */
  BosChoice keepingBos();
}
