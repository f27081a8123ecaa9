package io.github.openaikserve.observation;

import java.util.List;

/**
 * A listener that is notified of every call to a model. Thread-safe.
 *
 * <p>Each call has its own {@link CallObserver}, which {@link #start} creates. A request that
 * cannot be read, or that names an unknown model, is no call. Several choices or prompts of one
 * request are one call, and so is an answer that is requested a second time because its format was
 * wrong.
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
 * <p>Whatever a listener or an observer throws, including an {@link Error}, does not affect the
 * call. The first exception of each listener is logged with its stack trace.
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
   * Creates the observer of a call that begins. Nothing has been sent yet. Runs on the thread of
   * the caller, or of the subscriber of a stream, and must not block.
   *
   * @return {@link CallObserver#NONE} to ignore this call
   */
  CallObserver start(CallInfo call);
}
