package io.github.openaikserve.internal.answer.call;

import io.github.openaikserve.error.ShuttingDownException;
import io.github.openaikserve.internal.concurrent.Guarded;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The running calls of a service. Accepts no further calls after a shutdown. Thread-safe. */
public final class RunningCalls {
  private final Set<CallScope> running = ConcurrentHashMap.newKeySet();
  private final CountDownLatch terminated = new CountDownLatch(1);
  private boolean shutdown; // guarded by this

  /**
   * Registers a call, which counts as running until it is removed. Returns false after a shutdown.
   */
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

  /** Rejects further calls. */
  public synchronized void shutdown() {
    shutdown = true;
    checkTerminated();
  }

  private void checkTerminated() {
    if (shutdown && running.isEmpty()) {
      terminated.countDown();
    }
  }

  /** Returns whether further calls are rejected. */
  public synchronized boolean isShutdown() {
    return shutdown;
  }

  /**
   * Rejects a request after a shutdown.
   *
   * @throws ShuttingDownException if this was shut down
   */
  public void check() {
    if (isShutdown()) {
      throw new ShuttingDownException();
    }
  }

  /**
   * Waits until this was shut down and all calls have ended, or the timeout has passed. Returns
   * whether all calls have ended.
   */
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return terminated.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
  }

  /** Fails all running calls with a {@link ShuttingDownException}. */
  public void cancel() {
    Guarded.forEach(
        running, "ending a call", call -> call.expire(new ShuttingDownException(), false));
  }
}
