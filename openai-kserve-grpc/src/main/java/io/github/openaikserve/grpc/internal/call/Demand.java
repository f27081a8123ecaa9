package io.github.openaikserve.grpc.internal.call;

import io.grpc.ClientCall;
import org.jspecify.annotations.Nullable;

/**
 * The demand of one subscriber, which it passes to the gRPC call of the current attempt.
 * Thread-safe.
 *
 * <p>The unfulfilled demand of a failed attempt moves to the next one. gRPC counts demand in an
 * int, which unlimited demand would overflow, so it is passed on in batches.
 */
final class Demand {
  private static final int MAX_OUTSTANDING = 1 << 20;

  /** The number of responses after which the caller calls {@link #settle}. */
  static final int BATCH = MAX_OUTSTANDING / 2;

  // Guarded by this.
  private @Nullable ClientCall<?, ?> call;
  private long waiting;
  private int outstanding;
  private int attempts;
  private int failed;

  /** Begins an attempt and returns its number. */
  synchronized int begin() {
    return ++attempts;
  }

  /**
   * Sets the call of an attempt whose request was sent.
   *
   * @return false if the attempt has failed already
   */
  synchronized boolean attach(ClientCall<?, ?> made, int attempt) {
    if (attempt <= failed) {
      return false;
    }
    call = made;
    return true;
  }

  /** Ends the current attempt; its unfulfilled demand waits for the next one. */
  synchronized void detach() {
    call = null;
    failed = attempts;
    add(outstanding);
    outstanding = 0;
  }

  /** Returns the call of the current attempt; null if its request was not sent yet. */
  synchronized @Nullable ClientCall<?, ?> call() {
    return call;
  }

  /** Adds demand; {@link #pass} passes it on. */
  synchronized void add(long n) {
    waiting = waiting + n < 0 ? Long.MAX_VALUE : waiting + n;
  }

  /** Requests as many messages from gRPC as demand and the limit of a batch allow. */
  void pass() {
    ClientCall<?, ?> current;
    int more;
    synchronized (this) {
      current = call;
      more = current == null ? 0 : (int) Math.min(waiting, MAX_OUTSTANDING - outstanding);
      waiting -= more;
      outstanding += more;
    }
    if (current != null && more > 0) {
      current.request(more);
    }
  }

  /** Subtracts responses that were received, and requests more. */
  void settle(int received) {
    synchronized (this) {
      outstanding -= received;
    }
    pass();
  }
}
