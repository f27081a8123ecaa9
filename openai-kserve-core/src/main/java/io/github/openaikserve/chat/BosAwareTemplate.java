package io.github.openaikserve.chat;

/** A template that omits the text of the BOS token, unless {@link #includeBosToken} is used. */
interface BosAwareTemplate extends ChatTemplate {
  /** Returns the template with the text of the BOS token. */
  BosAwareTemplate includeBosToken();
}
