package io.github.openaikserve.internal.model;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of the outcomes of the calls to a model, which keeps the knowledge about the model up
 * to date. Its methods do not throw. Thread-safe.
 */
public interface CallFeedback {
  /** Ignores all outcomes. */
  CallFeedback NONE =
      new CallFeedback() {
        @Override
        public void onAnswered() {}

        @Override
        public void onFailure(Throwable failure) {}

        @Override
        public @Nullable CompletableFuture<Recovery> recover(Throwable failure, Route used) {
          return null;
        }
      };

  /**
   * The reaction to a call that failed before its first response. Immutable.
   *
   * @param failure the failure to report to the caller, which may have more details than the call's
   *     own
   * @param route a newer route with which the call may be repeated; null if there is none
   */
  record Recovery(Throwable failure, @Nullable Route route) {}

  /** Called when a call was answered. */
  void onAnswered();

  /** Called when a call failed after its first response, or a response could not be read. */
  void onFailure(Throwable failure);

  /**
   * Called when a call failed without a response. Queries the server about the failure, which takes
   * at most a few seconds.
   *
   * @param used the route of the call
   * @return never fails; null if the failure does not require a query
   */
  @Nullable CompletableFuture<Recovery> recover(Throwable failure, Route used);
}
