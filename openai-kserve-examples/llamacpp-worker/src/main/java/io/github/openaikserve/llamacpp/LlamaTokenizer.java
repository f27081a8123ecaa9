package io.github.openaikserve.llamacpp;

import de.kherud.llama.LlamaModel;
import io.github.openaikserve.chat.Tokenizer;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** The tokenizer of a loaded model. Thread-safe; {@link #close} waits for running calls. */
final class LlamaTokenizer implements Tokenizer, AutoCloseable {
  private final LlamaModel model;
  private final int contextSize;
  private final int vocabulary;
  private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * Creates a tokenizer.
   *
   * @param contextSize the context size; much longer texts are refused, because they take quadratic
   *     time
   * @param vocabulary the number of tokens
   */
  LlamaTokenizer(LlamaModel model, int contextSize, int vocabulary) {
    this.model = model;
    this.contextSize = contextSize;
    this.vocabulary = vocabulary;
  }

  @Override
  public int[] encode(String text) {
    if (PromptSize.isTooLong(text, contextSize)) {
      throw new IllegalArgumentException(
          "the text is too long for the model's context of %d tokens".formatted(contextSize));
    }
    return open(() -> model.encode(text));
  }

  /** Counts tokens; estimates if it cannot count, so that a call does not fail after close. */
  @Override
  public int count(String text) {
    try {
      return encode(text).length;
    } catch (IllegalArgumentException | IllegalStateException e) {
      return ESTIMATE.count(text);
    }
  }

  @Override
  public String decode(int[] tokens) {
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) { // llama.cpp would abort the process
        throw new IllegalArgumentException(
            "token %d is not one of the model's %d tokens".formatted(token, vocabulary));
      }
    }
    return tokens.length == 0 ? "" : open(() -> model.decode(tokens));
  }

  private interface Call<T> {
    T make();
  }

  private <T> T open(Call<T> call) {
    Lock lock = lifetime.readLock();
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model is closed");
      }
      return call.make();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for running calls; later calls fail. */
  @Override
  public void close() {
    Lock lock = lifetime.writeLock();
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
