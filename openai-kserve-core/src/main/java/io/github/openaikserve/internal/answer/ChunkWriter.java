package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.flow.Translator;

/** Events to chunks; hears of the text that went past it, for it may count. */
interface ChunkWriter<C> extends Translator<ChoiceEvent, C> {
  /** Text of a choice was given on without its chunk. */
  default void passed(int choice, String text) {}

  /** The same of text in UTF-8. */
  default void passed(int choice, byte[] utf8, int length) {}
}
