package io.github.openaikserve.internal.answer.call;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.model.CallFeedback;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.kserve.InferResponse;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The recovery of a call that failed before its first response because the model has changed. */
public final class CallRecovery {
  private CallRecovery() {}

  /**
   * Queries the server about a failure, and repeats the call if there is a newer route.
   *
   * @param used the route of the call
   * @param repeat returns the call for a newer route; null if that route cannot serve it
   * @return the recovered responses; null to report the failure
   */
  public static Flow.@Nullable Publisher<InferResponse> of(
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

  /** Returns whether the fields have the same handling in two dialects. */
  public static boolean carrySame(Set<RequestField> fields, Dialect before, Dialect after) {
    return fields.stream().allMatch(field -> before.carries(field) == after.carries(field));
  }

  /** Returns whether two calls send different requests. */
  public static boolean differs(InferCall after, InferCall before) {
    return before.rpc() != after.rpc() || !before.request().equals(after.request());
  }
}
