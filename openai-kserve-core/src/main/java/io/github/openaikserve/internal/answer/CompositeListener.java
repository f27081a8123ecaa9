package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.request.HeaderRules;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners that hear of every call, none of which can hurt one. Thread-safe. */
public final class CompositeListener {
  private static final Logger log = LoggerFactory.getLogger(CompositeListener.class);

  private final List<Guarded> listeners;
  private final List<String> headers;

  /** Listeners in the order in which they are told. */
  public CompositeListener(List<CallListener> listeners) {
    this.listeners = listeners.stream().map(Guarded::new).toList();
    this.headers =
        listeners.stream()
            .flatMap(listener -> listener.reads().stream())
            .map(HeaderRules::name)
            .distinct()
            .toList();
  }

  /** The headers that listeners read. */
  public List<String> headers() {
    return headers;
  }

  /** Null where nobody listens, so that nothing is done for it. */
  @Nullable CallTelemetry of(CallInfo call) {
    return listeners.isEmpty() ? null : new CallTelemetry(call, listeners);
  }

  boolean areNone() {
    return listeners.isEmpty();
  }

  /** A listener whose exceptions are logged, the first one with its trace. */
  static final class Guarded {
    private final CallListener listener;
    private final AtomicBoolean complained;

    Guarded(CallListener listener) {
      this(listener, new AtomicBoolean());
    }

    private Guarded(CallListener listener, AtomicBoolean complained) {
      this.listener = listener;
      this.complained = complained;
    }

    Guarded start(CallInfo call) {
      try {
        return new Guarded(listener.start(call), complained);
      } catch (RuntimeException | LinkageError e) {
        complain(e);
        return this;
      }
    }

    Map<String, String> metadata(CallInfo call) {
      try {
        return HeaderRules.checked(listener.metadata(call));
      } catch (RuntimeException | LinkageError e) {
        complain(e);
        return Map.of();
      }
    }

    void tell(Consumer<CallListener> what) {
      try {
        what.accept(listener);
      } catch (RuntimeException | LinkageError e) {
        complain(e);
      }
    }

    private void complain(Throwable e) {
      if (complained.compareAndSet(false, true)) {
        log.warn("a listener of calls failed; it is told of further calls, but not logged", e);
      }
    }
  }
}
