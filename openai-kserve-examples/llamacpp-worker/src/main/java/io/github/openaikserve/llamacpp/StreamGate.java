package io.github.openaikserve.llamacpp;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.TimeUnit;

/**
 * Back-pressure for a generating thread: makes it wait for a client that reads slower than the
 * model generates. Created on gRPC's thread before the call's handler returns; used by one
 * generating thread.
 *
 * <p>A generation holds one of few slots. It therefore runs up to {@link #MAX_AHEAD} tokens ahead
 * of its client, and ends if the client then reads nothing for {@link #MAX_WAIT_SECONDS}.
 */
final class StreamGate {
  /** The maximum number of tokens that wait for a client, about 100 bytes each. */
  static final int MAX_AHEAD = 4096;

  static final long MAX_WAIT_SECONDS = 10;

  private final ServerCallStreamObserver<?> call;
  private final long maxWaitNanos;
  private int ahead;
  private boolean stalled;

  StreamGate(ServerCallStreamObserver<?> call) {
    this(call, TimeUnit.SECONDS.toNanos(MAX_WAIT_SECONDS));
  }

  StreamGate(ServerCallStreamObserver<?> call, long maxWaitNanos) {
    this.call = call;
    this.maxWaitNanos = maxWaitNanos;
    call.setOnReadyHandler(this::wake);
    call.setOnCancelHandler(this::wake);
  }

  /**
   * Waits until one more token may be sent.
   *
   * @return false if the client has disconnected or has read nothing for too long
   */
  synchronized boolean await() throws InterruptedException {
    ahead = call.isReady() ? 0 : ahead + 1;
    long begun = System.nanoTime();
    while (ahead > MAX_AHEAD && !call.isReady() && !call.isCancelled()) {
      long left = maxWaitNanos - (System.nanoTime() - begun);
      if (left <= 0) {
        stalled = true;
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return !call.isCancelled();
  }

  /** Returns whether the client has read nothing for too long, so that its answer is incomplete. */
  synchronized boolean isStalled() {
    return stalled;
  }

  private synchronized void wake() {
    notifyAll();
  }
}
