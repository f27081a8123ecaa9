package io.github.openaikserve.internal.engine;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import org.jspecify.annotations.Nullable;

/** What the chunks of an answer have added up to so far. Not thread-safe; one per call. */
final class FoldedChoice {
  private final StringBuilder text = new StringBuilder();
  private @Nullable FinishReason finishReason;
  private @Nullable CompletionUsage usage;

  void add(@Nullable String piece, @Nullable FinishReason reason) {
    if (piece != null) {
      text.append(piece);
    }
    if (reason != null) {
      finishReason = reason;
    }
  }

  void add(@Nullable CompletionUsage usage) {
    if (usage != null) {
      this.usage = usage;
    }
  }

  String text() {
    return text.toString();
  }

  FinishReason finishReason() {
    if (finishReason == null) {
      throw new DialectException("The answer ended without a finish reason.");
    }
    return finishReason;
  }

  @Nullable CompletionUsage usage() {
    return usage;
  }

  /** The failure with the text that had come before it. */
  Throwable withPartialText(Throwable failure) {
    return failure instanceof BackendException backend
        ? backend.withPartialText(text.toString())
        : failure;
  }
}
