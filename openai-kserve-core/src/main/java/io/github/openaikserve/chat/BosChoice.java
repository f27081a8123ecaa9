package io.github.openaikserve.chat;

/** A template that leaves the text of the BOS token out, and can be asked not to. */
interface BosChoice extends ChatTemplate {
  /** The same with the text of the BOS token. */
  BosChoice keepingBos();
}
