package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.model.CallFeedback;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.kserve.InferResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The recovery of a call that failed before its first response because the model has changed. */
final class CallRecovery {
  private CallRecovery() {}

  /**
   * Queries the server about a failure, and repeats the call if there is a newer route.
   *
   * @param used the route of the call
   * @param repeat returns the call for a newer route; null if that route cannot serve it
   * @return the recovered responses; null to report the failure
   */
  static Flow.@Nullable Publisher<InferResponse> of(
      Throwable failure,
      Route used,
      Function<Route, Flow.@Nullable Publisher<InferResponse>> repeat) {
    CompletableFuture<CallFeedback.Recovery> recovery = used.feedback().recover(failure, used);
    return recovery == null
        ? null
        : Publishers.fromFuture(() -> recovery.thenApply(recovered -> repeated(recovered, repeat)));
  }

  private static Flow.Publisher<InferResponse> repeated(
      CallFeedback.Recovery recovery,
      Function<Route, Flow.@Nullable Publisher<InferResponse>> repeat) {
    Route newer = recovery.route();
    Flow.Publisher<InferResponse> call = newer == null ? null : repeat.apply(newer);
    return call == null ? Publishers.error(recovery.failure()) : call;
  }

  /** Returns whether two calls send different requests. */
  static boolean differs(InferCall after, InferCall before) {
    return before.rpc() != after.rpc() || !before.request().equals(after.request());
  }
}
