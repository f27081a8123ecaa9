package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.ShuttingDownException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The calls of a service that have begun and not ended. After a shutdown it takes no further ones.
 * Thread-safe.
 */
public final class RunningCalls {
  private final Set<CallScope> running = ConcurrentHashMap.newKeySet();
  private final CountDownLatch terminated = new CountDownLatch(1);
  private boolean shutdown; // guarded by this

  /** Returns whether a call may run; it runs until it is removed. */
  synchronized boolean add(CallScope call) {
    if (shutdown && !running.contains(call)) {
      return false;
    }
    running.add(call);
    return true;
  }

  synchronized void remove(CallScope call) {
    if (running.remove(call)) {
      checkTerminated();
    }
  }

  /** Refuses further calls. */
  public synchronized void shutdown() {
    shutdown = true;
    checkTerminated();
  }

  private void checkTerminated() {
    if (shutdown && running.isEmpty()) {
      terminated.countDown();
    }
  }

  /** Returns whether further calls are refused. */
  public synchronized boolean isShutdown() {
    return shutdown;
  }

  /**
   * Refuses a request after a shutdown.
   *
   * @throws ShuttingDownException if this was shut down
   */
  public void check() {
    if (isShutdown()) {
      throw new ShuttingDownException();
    }
  }

  /** Returns whether this was shut down and all calls have ended; waits that long for it. */
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return terminated.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
  }

  /** Ends every call that runs with a {@link ShuttingDownException}. */
  public void cancel() {
    running.forEach(call -> call.expire(new ShuttingDownException(), false));
  }
}
