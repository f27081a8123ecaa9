package io.github.openaikserve.server.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all request bodies of a server may take at the same time: a quarter of the heap,
 * or one body of the largest size if that is more. Thread-safe.
 */
final class BodyBudget {
  private static final int PART_OF_HEAP = 4;

  private final AtomicLong left;

  /** Creates a budget in bytes. */
  BodyBudget(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /** Returns the budget of a server in this process. */
  static BodyBudget ofHeap(long maxBody) {
    return new BodyBudget(Math.max(maxBody, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
  }

  /** Takes bytes from the budget; returns whether there were enough. */
  boolean take(long bytes) {
    long before = left.get();
    while (before >= bytes) {
      if (left.compareAndSet(before, before - bytes)) {
        return true;
      }
      before = left.get();
    }
    return false;
  }

  /** Returns bytes to the budget. */
  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }

  /** Returns the bytes that may still be taken. */
  long left() {
    return left.get();
  }
}
