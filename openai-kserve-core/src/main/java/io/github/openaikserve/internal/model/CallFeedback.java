package io.github.openaikserve.internal.model;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Receives how the calls to a model end, so that what is known of the model is kept up to date.
 * Thread-safe; its methods do not throw.
 */
public interface CallFeedback {
  /** Feedback that is ignored. */
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
   * What to do about a call that failed before its first response. Immutable.
   *
   * @param failure the failure for the caller, which may say more than the call's own
   * @param route a route that is newer than the one of the call, by which the call may be made once
   *     more; null if there is none
   */
  record Recovery(Throwable failure, @Nullable Route route) {}

  /** Receives the end of a call that was answered. */
  void onAnswered();

  /** Receives the failure of a call after its first response, or of reading a response. */
  void onFailure(Throwable failure);

  /**
   * Receives the failure of a call that had no response, and asks the server about it. The answer
   * takes a few seconds at most.
   *
   * @param used the route of the call
   * @return never fails; null if the failure needs no question
   */
  @Nullable CompletableFuture<Recovery> recover(Throwable failure, Route used);
}
