package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.CallDescriptor;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.time.Scheduler;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sets a watch over every request that has found its route. Thread-safe. */
public final class Watches {
  static final String REQUEST_ID = "x-request-id";

  private final CompositeListener observers;
  private final Scheduler scheduler;
  private final RunningCalls running = new RunningCalls();

  /** Watches that are seen by observers. */
  public Watches(CompositeListener observers, Scheduler scheduler) {
    this.observers = observers;
    this.scheduler = scheduler;
  }

  RunningCalls running() {
    return running;
  }

  /** Makes a call under a watch, which hears if it cannot be made. */
  <C> C over(
      Route route, CallDescriptor asked, CallContext context, Function<CallWatch, C> making) {
    String requestId = context.requestId() == null ? "req_" + asked.word() : context.requestId();
    Map<String, String> metadata = new HashMap<>(context.metadata());
    metadata.put(REQUEST_ID, requestId);
    var watch =
        new CallWatch(
            context.timeouts(route, asked.streamed()),
            route.timeouts(),
            scheduler,
            observation(requestId, route, asked, context),
            new CallMetadata(requestId, metadata, affinityKey(asked, context)),
            running);
    try {
      return making.apply(watch);
    } catch (RuntimeException | StackOverflowError e) {
      watch.refused(e);
      throw e;
    }
  }

  private static @Nullable String affinityKey(CallDescriptor asked, CallContext context) {
    return asked.affinityKey() == null ? context.affinityKey() : asked.affinityKey();
  }

  private @Nullable CallTelemetry observation(
      String requestId, Route route, CallDescriptor asked, CallContext context) {
    return observers.areNone()
        ? null
        : observers.of(
            new CallInfo(
                requestId,
                route.id(),
                asked.model(),
                asked.kind(),
                asked.streamed(),
                context.headers(),
                context.attributes()));
  }
}
