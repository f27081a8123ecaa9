package io.github.openaikserve.observation;

import java.util.List;

/**
 * A listener that is notified of every call to a model. Thread-safe.
 *
 * <p>Each call has its own {@link CallObserver}, which {@link #start} creates. A request that
 * cannot be parsed or names an unknown model is not a call. All choices and prompts of one request
 * are one call, including a repeated generation after an answer in the wrong format.
 *
 * <pre>{@code
 * builder.listener(
 *     call ->
 *         new CallObserver() {
 *           @Override
 *           public void completed(
 *               long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
 *             log.info("{} took {} ms", call, elapsedNanos / 1_000_000);
 *           }
 *         });
 * }</pre>
 *
 * <p>Exceptions and {@link Error}s of a listener or an observer do not affect the call. The first
 * one of each listener is logged with its stack trace.
 */
@FunctionalInterface
public interface CallListener {
  /**
   * Returns the names of the request headers that this listener needs in {@link CallInfo#headers}.
   * Read once, when the service is built.
   */
  default List<String> reads() {
    return List.of();
  }

  /**
   * Creates the observer of a new call, before anything is sent. Runs on the thread of the caller
   * or of the stream's subscriber, and must not block.
   *
   * @return {@link CallObserver#NONE} to ignore this call
   */
  CallObserver start(CallInfo call);
}
