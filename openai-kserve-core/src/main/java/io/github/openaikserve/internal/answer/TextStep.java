package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.flow.Translator;
import java.util.function.Consumer;

/**
 * A step after chunks that also takes plain text without its chunk: what it gives is the same as
 * for the chunk that says that text of that choice, and nothing else.
 *
 * @param <C> a chunk
 * @param <O> what comes out
 */
public interface TextStep<C, O> extends Translator<C, O> {
  /** Takes text, not empty; false, and nothing happened, if it wants the chunk. */
  boolean text(int choice, String text, Consumer<? super O> output);

  /** The same of reasoning, for the chunk that says that and nothing else. */
  boolean reasoning(int choice, String text, Consumer<? super O> output);

  /**
   * Takes text from the front of a buffer that is used again afterwards.
   *
   * @return false, and nothing happened, if it wants the chunk: always so where the bytes are not
   *     whole characters in UTF-8
   */
  boolean text(int choice, byte[] utf8, int length, Consumer<? super O> output);
}
