package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.OverloadedException;
import io.github.openaikserve.internal.concurrent.Guarded;
import io.github.openaikserve.internal.flow.DrainLoop;
import io.github.openaikserve.internal.resilience.FairQueue;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.time.Scheduler;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A backend with a limit on concurrent calls. Further calls wait in a fair queue: the {@link
 * InferCall#queueKey keys} of calls take turns, and calls with the same key are served in order of
 * arrival. If the queue is full or a call waits too long, the call fails with {@link
 * OverloadedException} and is not sent. Thread-safe.
 *
 * <p>A call that is cancelled while it waits leaves the queue. Waiting counts towards the call's
 * time limit; a call that exceeds it in the queue fails with DEADLINE_EXCEEDED. Metadata queries
 * are not limited. Closing this backend ends drained calls and closes the wrapped backend.
 */
public final class LimitedBackend extends ForwardingBackend implements Load {
  private final ConcurrencyLimit limit;
  private final Scheduler scheduler;
  private final DrainLoop dispatch = new DrainLoop(this::startWaiting);

  // Guarded by lock.
  private final Object lock = new Object();
  private final FairQueue<LimitedCall> queue = new FairQueue<>(LimitedCall::queueKey);
  private final Set<LimitedCall> drained = new LinkedHashSet<>();
  private int running;
  private boolean closed;

  private LimitedBackend(InferenceBackend backend, ConcurrencyLimit limit, Scheduler scheduler) {
    super(backend);
    this.limit = Objects.requireNonNull(limit, "limit");
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
  }

  /** Returns a backend with a limit. */
  public static LimitedBackend around(InferenceBackend backend, ConcurrencyLimit limit) {
    return around(backend, limit, Scheduler.SHARED);
  }

  /** Returns a backend with a limit that uses {@code scheduler} for its waits. */
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
    Guarded.forEach(ending, "ending a call", LimitedCall::stopDraining);
    super.close();
  }

  ConcurrencyLimit limit() {
    return limit;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** The decision about a new call. */
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

  /** Removes a call from the queue. Returns whether it was waiting. */
  boolean leaveQueue(LimitedCall call) {
    synchronized (lock) {
      return queue.remove(call);
    }
  }

  /** Releases a permit. {@link #dispatch} gives it to the next call. */
  void releasePermit(LimitedCall call) {
    synchronized (lock) {
      running--;
      drained.remove(call);
    }
  }

  /** Registers a cancelled call for draining. Returns false after this was closed. */
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

  /** Starts waiting calls while permits are available, in a loop without recursion. */
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
      running++;
      return queue.poll();
    }
  }
}
