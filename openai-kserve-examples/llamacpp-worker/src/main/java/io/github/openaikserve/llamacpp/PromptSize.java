package io.github.openaikserve.llamacpp;

import de.kherud.llama.LlamaModel;

/** How many tokens a text has, found out at a bounded price. */
final class PromptSize {
  /**
   * No text has so many characters to each of its tokens. llama.cpp takes quadratic time over the
   * special tokens in a text, so one that cannot fit is not given to it.
   */
  private static final int MAX_CHARACTERS_PER_TOKEN = 32;

  private PromptSize() {}

  /**
   * The number of tokens.
   *
   * @throws BadRequestException if there are far more than {@code contextSize}
   */
  static int of(String text, LlamaModel model, int contextSize) {
    if (isTooLong(text, contextSize)) {
      throw new BadRequestException(
          "The prompt has %d characters, but the context holds %d tokens"
              .formatted(text.length(), contextSize));
    }
    return model.encode(text).length;
  }

  /** Returns whether a text has far more tokens than a context, whatever they are. */
  static boolean isTooLong(String text, int contextSize) {
    return text.length() > (long) contextSize * MAX_CHARACTERS_PER_TOKEN;
  }
}
