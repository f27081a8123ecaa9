package io.github.openaikserve.observation;

import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An observer of one call, created by {@link CallListener#start}.
 *
 * <p>The order is {@link #metadata}, {@link #droppedFields}, {@link #response} any number of times,
 * and then exactly one of {@link #completed}, {@link #failed} and {@link #cancelled}. If these
 * race, only the first one is reported. No method is called after it.
 *
 * <p>Methods are called on several threads, but one at a time and with a happens-before order, so
 * an observer needs no locks. They run on the threads that process the call and must not block.
 *
 * <p>All times are nanoseconds since the start of the call. They are not negative and never
 * decrease. An exception does not affect the call; see {@link CallListener}.
 */
public interface CallObserver {
  /** An observer that ignores everything. */
  CallObserver NONE = new CallObserver() {};

  /**
   * Returns additional headers for the model server; empty for none. Called once, before anything
   * is sent. They replace forwarded headers of the same name, but not those of the dialect.
   *
   * @return names in lower case, values in printable ASCII; if one is invalid, none is sent
   */
  default Map<String, String> metadata() {
    return Map.of();
  }

  /**
   * Called once, before anything is sent, if the request has fields that the model server ignores.
   *
   * @param fields their JSON names, at least one
   */
  default void droppedFields(List<String> fields) {}

  /**
   * Called when the model server has sent a response. Most servers send one response for each
   * token; some send several tokens at once. The responses of all choices are reported to this
   * observer.
   */
  default void response(long elapsedNanos) {}

  /**
   * Called when the answer is complete.
   *
   * @param usage the tokens used; null if unknown
   * @param finishReasons one for each choice; empty for answers made of tensors
   */
  default void completed(
      long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> finishReasons) {}

  /**
   * Called when the call has failed.
   *
   * @param usage the tokens used before the failure, estimated if the server had not reported them;
   *     null if no tokens were counted, and for answers made of tensors
   */
  default void failed(long elapsedNanos, CallFailure failure, @Nullable CompletionUsage usage) {}

  /**
   * Called when the caller has cancelled the call.
   *
   * @param usage the tokens used before that, as in {@link #failed}
   */
  default void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {}
}
