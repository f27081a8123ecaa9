package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The receiver of an answer of tensors that arrives in pieces. Not thread-safe.
 *
 * <p>Receives any number of pieces, and then {@link #complete} or {@link #fail}.
 */
public interface PieceSink {
  /** Receives what one response says. */
  void next(BatchOutput piece);

  /** Receives the end of the answer. */
  void complete(Usage usage);

  /**
   * Receives the failure of the answer.
   *
   * @return the failure to signal to the reader; null to end without one
   */
  default @Nullable Throwable fail(Throwable failure) {
    return failure;
  }

  /** Emits what was held to be emitted together: the reader waits and no response is there. */
  default void flush() {}

  /** Receives that the answer is silent while its reader waits. */
  default void idle() {}

  /** Receives the end of the answer, however it ended. Called once, last. */
  default void terminated() {}
}
