package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.answer.call.CallRecovery;
import io.github.openaikserve.internal.answer.call.CallScope;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.batch.BatchPreparation;
import io.github.openaikserve.kserve.InferResponse;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The call of one batch of inputs. Encoded on subscription, and repeated once if it fails because
 * the model has changed. Used once.
 */
final class BatchCall implements Flow.Publisher<InferResponse> {
  private final AtomicReference<@Nullable Route> newest;
  private final InputBatch batch;
  private final CallScope scope;
  private volatile Route route;
  private @Nullable InferCall encoded;
  private boolean recovered;

  /**
   * Creates a call that is not yet encoded.
   *
   * @param newest the newer route that one of the request's calls has used, shared by all of them;
   *     its value is null if there is none
   */
  BatchCall(
      Route route, AtomicReference<@Nullable Route> newest, InputBatch batch, CallScope scope) {
    this.newest = newest;
    this.batch = batch;
    this.scope = scope;
    this.route = route;
  }

  /**
   * Encodes the call early, so that a request that cannot be encoded fails before anything is sent.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if a value does not fit its tensor
   */
  void encode() {
    encoded = call(route);
  }

  /** Returns the route of the call. */
  Route route() {
    return route;
  }

  /** Returns the content of a response. */
  BatchOutput decode(InferResponse response) {
    return route.requireDialect(batch.kind()).decode(response, batch);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    InferCall first = encoded;
    encoded = null; // release it: it may be large
    if (first == null) {
      Route latest = newest.get();
      if (latest != null && fits(latest)) {
        route = latest;
      }
      first = call(route);
    }
    responses(first).subscribe(subscriber);
  }

  /**
   * Returns the replacement for the call, which has failed before its first response; null to
   * report the failure. Only the first failure has a replacement.
   */
  Flow.@Nullable Publisher<InferResponse> recover(Throwable failure) {
    if (recovered) {
      return null;
    }
    recovered = true;
    return CallRecovery.of(failure, route, this::repeatWith);
  }

  /**
   * Repeats the call with a newer route. Returns null if that route cannot serve the call or would
   * send the same.
   */
  private Flow.@Nullable Publisher<InferResponse> repeatWith(Route newer) {
    if (!fits(newer)) {
      return null;
    }
    InferCall repeated = call(newer);
    if (!CallRecovery.differs(repeated, call(route))) {
      return null;
    }
    route = newer;
    newest.set(newer);
    return responses(repeated);
  }

  /** Returns whether another route accepts the batch with the same handling of each field. */
  private boolean fits(Route other) {
    Dialect dialect = route.requireDialect(batch.kind());
    Dialect newer = other.dialect(batch.kind());
    return newer != null
        && CallRecovery.carrySame(batch.values().keySet(), dialect, newer)
        && batch.values().keySet().stream()
            .filter(RequestField::isSubject)
            .allMatch(field -> newer.maxBatch(field) >= batch.size());
  }

  private InferCall call(Route target) {
    return BatchPreparation.call(target, batch);
  }

  private Flow.Publisher<InferResponse> responses(InferCall call) {
    return scope.call(call, call.rpc().streams(), route.calls()::infer);
  }
}
