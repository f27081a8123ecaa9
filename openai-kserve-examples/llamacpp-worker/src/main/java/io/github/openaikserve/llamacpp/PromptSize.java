package io.github.openaikserve.llamacpp;

import de.kherud.llama.LlamaModel;

/** Counts the tokens of a text, in bounded time. */
final class PromptSize {
  /**
   * More characters per token than any text has. llama.cpp takes quadratic time for special tokens
   * in a text, so a text that cannot fit is not passed to it.
   */
  private static final int MAX_CHARACTERS_PER_TOKEN = 32;

  private PromptSize() {}

  /**
   * Returns the number of tokens.
   *
   * @throws BadRequestException if the text has far more tokens than {@code contextSize}
   */
  static int of(String text, LlamaModel model, int contextSize) {
    if (isTooLong(text, contextSize)) {
      throw new BadRequestException(
          "The prompt has %d characters, but the context holds %d tokens"
              .formatted(text.length(), contextSize));
    }
    return model.encode(text).length;
  }

  /** Returns whether a text certainly has more tokens than the context. */
  static boolean isTooLong(String text, int contextSize) {
    return text.length() > (long) contextSize * MAX_CHARACTERS_PER_TOKEN;
  }
}
