package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The receiver of an answer made of tensors that arrives in pieces. Not thread-safe.
 *
 * <p>Receives any number of pieces, and then {@link #complete} or {@link #fail}.
 */
public interface PieceSink {
  /** Receives the content of one response. */
  void next(BatchOutput piece);

  /** Receives the end of the answer. */
  void complete(Usage usage);

  /**
   * Receives the failure of the answer.
   *
   * @return the failure to signal to the reader; null to complete instead
   */
  default @Nullable Throwable fail(Throwable failure) {
    return failure;
  }

  /** Emits buffered output. Called when the reader waits and no response is available. */
  default void flush() {}

  /** Called when the answer is idle while its reader waits. */
  default void idle() {}

  /** Called once, last, after the answer has completed, failed or been cancelled. */
  default void terminated() {}
}
