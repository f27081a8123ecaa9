package io.github.openaikserve.internal.answer.call;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.concurrent.Futures;
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
 * <p>Notifications are serial, and no lock is held during a notification. A thread that finds no
 * notification in progress notifies the listeners. Before it returns, it also delivers the
 * notifications that other threads have queued in the meantime. Threads never wait for each other.
 */
final class CallTelemetry {
  private final CallInfo call;
  private final List<GuardedListener> listeners;
  private volatile List<String> dropped = List.of();

  /** Whether the call has ended. Only the first end is notified. */
  private final AtomicBoolean ended = new AtomicBoolean();

  /** The number of undelivered notifications; 0 if no thread is notifying. */
  private final AtomicInteger pending = new AtomicInteger();

  /** Ends, and notifications that were reported while another thread was notifying. */
  private final Queue<Notification> queue = new ConcurrentLinkedQueue<>();

  // Accessed only by the notifying thread.
  private GuardedListener.Observer[] observers = {};
  private boolean started;
  private boolean over;
  private long latest;

  /** A queued notification. */
  private interface Notification {
    void deliver();
  }

  CallTelemetry(CallInfo call, List<GuardedListener> listeners) {
    this.call = call;
    this.listeners = listeners;
  }

  /** Sets the JSON names of the request fields that will be ignored. */
  void setDroppedParams(List<String> droppedParams) {
    dropped = droppedParams;
  }

  /**
   * Notifies the listeners of the start, unless the call has already ended. Called once.
   *
   * @return the headers that the listeners add for the model server
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
    observers = new GuardedListener.Observer[listeners.size()];
    for (int i = 0; i < observers.length; i++) {
      observers[i] = listeners.get(i).start(call);
    }
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
   * @param usage the token usage before that; null if unknown
   */
  void failed(long elapsedNanos, Throwable failure, @Nullable CompletionUsage usage) {
    CallFailure cause = describe(failure);
    finish(elapsedNanos, (observer, time) -> observer.failed(time, cause, usage));
  }

  /**
   * Notifies the listeners that the caller has cancelled the call.
   *
   * @param usage the token usage before that; null if unknown
   */
  void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
    finish(elapsedNanos, (observer, time) -> observer.cancelled(time, usage));
  }

  /** The notification of one of the three kinds of end. */
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

  /**
   * Returns the time to report. Threads read the clock before their turn, so this ensures that
   * times never decrease.
   */
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

  /**
   * Delivers the queued notifications, including those added meanwhile. {@link #pending} must be at
   * least 1.
   */
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

  /** Returns a description of a failure without its message, which may quote the server. */
  private static CallFailure describe(Throwable failure) {
    Throwable cause = Futures.cause(failure);
    String endpoint = cause instanceof BackendException backend ? backend.endpoint() : null;
    return cause instanceof OpenAiException e
        ? new CallFailure(e.status(), e.type(), e.code(), endpoint)
        : new CallFailure(500, "server_error", "internal_error", null);
  }
}
