package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.flow.Futures;
import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The notifications of one call to all listeners. Thread-safe.
 *
 * <p>Notifications are serial, and no lock is held during one: the thread that finds nothing in
 * progress notifies, and before it leaves also delivers what other threads have reported in the
 * meantime. A thread that is notifying never waits for another one.
 */
final class CallTelemetry {
  private final CallInfo call;
  private final List<GuardedListener> listeners;
  private volatile List<String> dropped = List.of();

  /** Whether the call has ended: the first end is notified, no later one. */
  private final AtomicBoolean ended = new AtomicBoolean();

  /** How many notifications have not been delivered; 0 while no thread is notifying. */
  private final AtomicInteger pending = new AtomicInteger();

  /** What was reported while another thread was notifying, and ends. */
  private final Queue<Notification> queue = new ConcurrentLinkedQueue<>();

  // Written only by the thread that notifies.
  private GuardedListener.Observer[] observers = {};
  private boolean started;
  private boolean over;
  private long latest;

  /** A notification that has to wait for its turn. */
  private interface Notification {
    void deliver();
  }

  CallTelemetry(CallInfo call, List<GuardedListener> listeners) {
    this.call = call;
    this.listeners = listeners;
  }

  /** Sets the request fields that will be ignored, by their JSON names. */
  void settled(List<String> droppedParams) {
    dropped = droppedParams;
  }

  /**
   * Notifies the listeners of the start, unless the call has ended before. Called once.
   *
   * @return the headers that the listeners want to send to the model server
   */
  Map<String, String> start() {
    if (!pending.compareAndSet(0, 1)) {
      return Map.of(); // only an end can be in progress before the start
    }
    Map<String, String> metadata = ended.get() ? Map.of() : notifyStart();
    deliverQueued();
    return metadata;
  }

  private Map<String, String> notifyStart() {
    started = true;
    observers =
        listeners.stream()
            .map(listener -> listener.start(call))
            .toArray(GuardedListener.Observer[]::new);
    Map<String, String> metadata = new HashMap<>();
    for (GuardedListener.Observer observer : observers) {
      metadata.putAll(observer.metadata());
    }
    List<String> fields = dropped;
    if (!fields.isEmpty()) {
      for (GuardedListener.Observer observer : observers) {
        observer.droppedFields(fields);
      }
    }
    return metadata;
  }

  /** Notifies the listeners of a response. Allocates nothing unless another thread is notifying. */
  void response(long elapsedNanos) {
    if (pending.compareAndSet(0, 1)) {
      notifyResponse(elapsedNanos);
      deliverQueued();
    } else {
      deliver(() -> notifyResponse(elapsedNanos));
    }
  }

  private void notifyResponse(long elapsedNanos) {
    if (over || !started) {
      return;
    }
    long time = advance(elapsedNanos);
    for (GuardedListener.Observer observer : observers) {
      observer.response(time);
    }
  }

  /**
   * Notifies the listeners that the answer is complete.
   *
   * @param usage null if unknown
   */
  void end(long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
    finish(elapsedNanos, (observer, time) -> observer.completed(time, usage, reasons));
  }

  /**
   * Notifies the listeners of a failure.
   *
   * @param usage what was used before; null if unknown
   */
  void failed(long elapsedNanos, Throwable failure, @Nullable CompletionUsage usage) {
    CallFailure cause = describe(failure);
    finish(elapsedNanos, (observer, time) -> observer.failed(time, cause, usage));
  }

  /**
   * Notifies the listeners that the caller has cancelled the call.
   *
   * @param usage what was used before; null if unknown
   */
  void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
    finish(elapsedNanos, (observer, time) -> observer.cancelled(time, usage));
  }

  /** One of the three ends of a call. */
  private interface End {
    void notify(GuardedListener.Observer observer, long elapsedNanos);
  }

  private void finish(long elapsedNanos, End end) {
    if (ended.compareAndSet(false, true)) {
      deliver(() -> notifyEnd(elapsedNanos, end));
    }
  }

  private void notifyEnd(long elapsedNanos, End end) {
    over = true;
    if (started) {
      long time = advance(elapsedNanos);
      for (GuardedListener.Observer observer : observers) {
        end.notify(observer, time);
      }
    }
  }

  /** Threads read the clock before their turn comes: time never goes backwards here. */
  private long advance(long elapsedNanos) {
    latest = Math.max(latest, elapsedNanos);
    return latest;
  }

  private void deliver(Notification notification) {
    queue.add(notification);
    if (pending.getAndIncrement() == 0) {
      deliverQueued();
    }
  }

  /** Delivers what is queued, and what is added meanwhile. {@link #pending} is at least 1. */
  private void deliverQueued() {
    int seen = 1;
    do {
      Notification next = queue.poll();
      while (next != null) {
        next.deliver();
        next = queue.poll();
      }
      seen = pending.addAndGet(-seen);
    } while (seen != 0);
  }

  /** Describes a failure without its message, which may hold what the server quotes. */
  private static CallFailure describe(Throwable failure) {
    Throwable cause = Futures.cause(failure);
    String endpoint = cause instanceof BackendException backend ? backend.endpoint() : null;
    return cause instanceof OpenAiException e
        ? new CallFailure(e.status(), e.type(), e.code(), endpoint)
        : new CallFailure(500, "server_error", "internal_error", null);
  }
}
