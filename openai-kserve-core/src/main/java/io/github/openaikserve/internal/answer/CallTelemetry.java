package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the listeners what happens in one call, in the order they were promised. Thread-safe. */
final class CallTelemetry {
  private final CallInfo call;
  private final List<CompositeListener.Guarded> listeners;

  // Guarded by this.
  private final Map<String, String> metadata = new HashMap<>();
  private List<String> dropped = List.of();
  private long last;
  private boolean started;
  private boolean answered;
  private boolean over;

  CallTelemetry(CallInfo call, List<CompositeListener.Guarded> listeners) {
    this.call = call;
    this.listeners = new ArrayList<>(listeners);
  }

  /** What is known once the request has been looked at. */
  synchronized void settled(List<String> droppedParams) {
    this.dropped = droppedParams;
  }

  /** Not told of a call that was over before it began; nor is its end. */
  synchronized Map<String, String> start() {
    if (over || started) {
      return Map.copyOf(metadata);
    }
    started = true;
    listeners.replaceAll(listener -> listener.start(call));
    for (CompositeListener.Guarded listener : listeners) {
      metadata.putAll(listener.metadata(call));
    }
    if (!dropped.isEmpty()) {
      tell(listener -> listener.droppedFields(call, dropped));
    }
    return Map.copyOf(metadata);
  }

  /** A response came, so long after the start. */
  synchronized void response(long now) {
    if (over) {
      return;
    }
    long nanos = now - last;
    last = now;
    if (answered) {
      tell(listener -> listener.token(call, nanos));
    } else {
      answered = true;
      tell(listener -> listener.firstToken(call, nanos));
    }
  }

  synchronized void end(long now, @Nullable CompletionUsage used, List<FinishReason> reasons) {
    if (over()) {
      return;
    }
    if (used != null) {
      tell(listener -> listener.usage(call, used));
    }
    tell(listener -> listener.end(call, now, reasons));
  }

  synchronized void failed(long now, Throwable failure, @Nullable CompletionUsage used) {
    if (!over()) {
      tellUsageSoFar(used);
      CallFailure told = told(failure);
      tell(listener -> listener.error(call, now, told));
    }
  }

  synchronized void cancelled(long now, @Nullable CompletionUsage used) {
    if (!over()) {
      tellUsageSoFar(used);
      tell(listener -> listener.cancelled(call, now));
    }
  }

  /** Whether nobody is to be told of this end; nor is anybody of another one. */
  private boolean over() {
    boolean before = over;
    over = true;
    return before || !started;
  }

  private void tellUsageSoFar(@Nullable CompletionUsage used) {
    if (used != null) {
      tell(listener -> listener.usageSoFar(call, used));
    }
  }

  private void tell(Consumer<CallListener> what) {
    listeners.forEach(listener -> listener.tell(what));
  }

  /** Status and words that are compared: a message could hold what the server quotes. */
  private static CallFailure told(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof OpenAiException e
        ? new CallFailure(e.status(), e.type(), e.code())
        : new CallFailure(500, "server_error", "internal_error");
  }
}
