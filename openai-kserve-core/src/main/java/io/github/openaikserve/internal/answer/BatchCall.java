package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.BatchPreparation;
import io.github.openaikserve.kserve.InferResponse;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The call of one batch of inputs: encoded when it is subscribed to, and made once more if it fails
 * because the model has changed. Used once.
 */
final class BatchCall implements Flow.Publisher<InferResponse> {
  private final AtomicReference<@Nullable Route> newest;
  private final InputBatch batch;
  private final CallScope scope;
  private final CallHandle handle = new CallHandle();
  private volatile Route route;
  private @Nullable InferCall encoded;

  /**
   * Creates a call that is not encoded.
   *
   * @param newest the newer route that a call was made by, shared by the calls of a request; null
   *     inside if none was
   */
  BatchCall(
      Route route, AtomicReference<@Nullable Route> newest, InputBatch batch, CallScope scope) {
    this.newest = newest;
    this.batch = batch;
    this.scope = scope;
    this.route = route;
  }

  /**
   * Encodes the call, so that a request that cannot be encoded fails before anything is sent.
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

  /** Returns what a response says. */
  BatchOutput decode(InferResponse response) {
    return route.requireDialect(batch.kind()).decode(response, batch);
  }

  /** Drops the call, whose request may be large. */
  void release() {
    handle.release();
  }

  /** Cancels the call because a response of its server cannot be decoded. */
  void reject(DialectException failure) {
    handle.reject(failure);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    InferCall first = encoded;
    encoded = null; // it may be large
    if (first == null) {
      Route latest = newest.get();
      if (latest != null && fits(latest)) {
        route = latest;
      }
      first = call(route);
    }
    Publishers.onErrorResume(made(first), failure -> CallRecovery.of(failure, route, this::again))
        .subscribe(subscriber);
  }

  /** Makes the call by a newer route; returns null if that one cannot, or sends the same. */
  private Flow.@Nullable Publisher<InferResponse> again(Route newer) {
    if (!fits(newer)) {
      return null;
    }
    InferCall again = call(newer);
    if (!CallRecovery.isOther(again, call(route))) {
      return null;
    }
    route = newer;
    newest.set(newer);
    return made(again);
  }

  /** Returns whether another route takes the batch, with the same handling of each field. */
  private boolean fits(Route other) {
    Dialect dialect = route.requireDialect(batch.kind());
    Dialect newer = other.dialect(batch.kind());
    return newer != null
        && batch.values().keySet().stream()
            .allMatch(field -> dialect.carries(field) == newer.carries(field))
        && batch.values().keySet().stream()
            .filter(RequestField::isSubject)
            .allMatch(field -> newer.maxBatch(field) >= batch.size());
  }

  private InferCall call(Route by) {
    return BatchPreparation.call(by, batch);
  }

  private Flow.Publisher<InferResponse> made(InferCall call) {
    return scope.call(call, call.rpc().streams(), handle, route.calls()::infer);
  }
}
