package io.github.openaikserve.internal.answer.call;

import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The listeners of a service. Their exceptions cannot affect a call. Thread-safe. */
public final class CompositeListener {
  private final List<GuardedListener> listeners;
  private final List<String> headers;

  /** Creates a composite that notifies the listeners in order. */
  public CompositeListener(List<CallListener> listeners) {
    this.listeners = listeners.stream().map(GuardedListener::new).toList();
    this.headers =
        this.listeners.stream().flatMap(listener -> listener.reads().stream()).distinct().toList();
  }

  /** Returns the names of the request headers that listeners read. */
  public List<String> headers() {
    return headers;
  }

  /** Returns the telemetry of a call; null without listeners. */
  public @Nullable CallTelemetry of(CallInfo call) {
    return listeners.isEmpty() ? null : new CallTelemetry(call, listeners);
  }

  public boolean areNone() {
    return listeners.isEmpty();
  }
}
