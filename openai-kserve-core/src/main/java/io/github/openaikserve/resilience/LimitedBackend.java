package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.OverloadedException;
import io.github.openaikserve.internal.flow.DrainLoop;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.time.Scheduler;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A backend that makes so many calls at a time. Further ones wait in turn; one that finds no room,
 * or waits too long, fails with {@link OverloadedException}, having never been sent. Thread-safe.
 *
 * <p>A call that is cancelled while it waits leaves the queue, and one whose own timeout ends there
 * fails with DEADLINE_EXCEEDED: the time that a call waits is taken off its timeout. What the
 * server tells about itself is asked without a limit. Closing this ends what is drained and closes
 * the backend it is around.
 */
public final class LimitedBackend extends Decorator implements Load {
  private final ConcurrencyLimit limit;
  private final Scheduler scheduler;
  private final DrainLoop dispatch = new DrainLoop(this::startWaiting);

  // Guarded by lock.
  private final Object lock = new Object();
  private final Set<LimitedCall> queue = new LinkedHashSet<>();
  private final Set<LimitedCall> drained = new LinkedHashSet<>();
  private int running;
  private boolean closed;

  private LimitedBackend(InferenceBackend backend, ConcurrencyLimit limit, Scheduler scheduler) {
    super(backend);
    this.limit = Objects.requireNonNull(limit, "limit");
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
  }

  /** A limit around a backend. */
  public static LimitedBackend around(InferenceBackend backend, ConcurrencyLimit limit) {
    return around(backend, limit, Scheduler.SHARED);
  }

  /** The same with a clock of one's own. */
  public static LimitedBackend around(
      InferenceBackend backend, ConcurrencyLimit limit, Scheduler scheduler) {
    return new LimitedBackend(backend, limit, scheduler);
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return new LimitedCall(this, Objects.requireNonNull(call, "call"));
  }

  @Override
  public int running() {
    synchronized (lock) {
      return running;
    }
  }

  @Override
  public int waiting() {
    synchronized (lock) {
      return queue.size();
    }
  }

  @Override
  public int max() {
    return limit.max();
  }

  @Override
  public void close() {
    List<LimitedCall> ending;
    synchronized (lock) {
      closed = true;
      ending = List.copyOf(drained);
    }
    ending.forEach(LimitedCall::stopDraining);
    super.close();
  }

  ConcurrencyLimit limit() {
    return limit;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** What becomes of a call that has just been subscribed to. */
  enum Admission {
    RUN,
    WAIT,
    REFUSE
  }

  Admission admit(LimitedCall call) {
    synchronized (lock) {
      if (running < limit.max() && queue.isEmpty()) {
        running++;
        return Admission.RUN;
      }
      if (queue.size() >= limit.queue()) {
        return Admission.REFUSE;
      }
      queue.add(call);
      return Admission.WAIT;
    }
  }

  /** Whether the call was still waiting; it is not any more. */
  boolean leaveQueue(LimitedCall call) {
    synchronized (lock) {
      return queue.remove(call);
    }
  }

  /** Frees a place; whoever is next gets it by {@link #dispatch}. */
  void free(LimitedCall call) {
    synchronized (lock) {
      running--;
      drained.remove(call);
    }
  }

  /** Whether a cancelled call may be drained; false once this was closed. */
  boolean keepDraining(LimitedCall call) {
    synchronized (lock) {
      return !closed && drained.add(call);
    }
  }

  void forgetDrained(LimitedCall call) {
    synchronized (lock) {
      drained.remove(call);
    }
  }

  boolean isWaiting(LimitedCall call) {
    synchronized (lock) {
      return queue.contains(call);
    }
  }

  boolean isDrained(LimitedCall call) {
    synchronized (lock) {
      return drained.contains(call);
    }
  }

  /** Starts who waits while there is room: one loop, however deep the calls end in one another. */
  void dispatch() {
    dispatch.run();
  }

  private void startWaiting() {
    for (LimitedCall next = next(); next != null; next = next()) {
      next.start();
    }
  }

  private @Nullable LimitedCall next() {
    synchronized (lock) {
      if (running >= limit.max() || queue.isEmpty()) {
        return null;
      }
      LimitedCall first = queue.iterator().next();
      queue.remove(first);
      running++;
      return first;
    }
  }
}
