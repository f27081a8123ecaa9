package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.answer.text.TokenCounts;
import io.github.openaikserve.internal.request.batch.BatchRequest;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.util.List;

/** The token count of a request's inputs. Not thread-safe. */
final class BatchUsage {
  private final BatchRequest request;
  private final TokenCounts counts = new TokenCounts();
  private long reported;
  private boolean allReported = true;

  BatchUsage(BatchRequest request) {
    this.request = request;
  }

  /** Adds the count that a response reports. */
  void add(BatchOutput output) {
    Integer tokens = output.promptTokens();
    allReported &= tokens != null;
    reported += tokens == null ? 0 : counts.reported(tokens);
  }

  /**
   * Returns the count that the server has reported, or the counter's if the server has reported
   * none.
   */
  Usage count(TokenCounter counter) {
    long tokens = allReported ? reported : counted(counter);
    return new Usage((int) Math.min(TokenCounts.MAX, tokens), !allReported);
  }

  private long counted(TokenCounter counter) {
    return request.fields().get(RequestField.INPUT_TOKENS) instanceof List<?> lists
        ? lists.stream().mapToLong(list -> ((List<?>) list).size()).sum()
        : request.texts().stream().mapToLong(counter::count).sum();
  }

  /** Returns the usage as observers receive it. */
  static CompletionUsage completion(Usage usage) {
    return new CompletionUsage(usage.promptTokens(), 0, usage.estimated());
  }
}
