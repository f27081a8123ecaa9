package io.github.openaikserve.server.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all request bodies of a server may take at the same time: a quarter of the heap,
 * or one body of the largest size if that is more. Thread-safe.
 */
final class BodyBudget {
  private static final int PART_OF_HEAP = 4;

  private final long least;
  private final AtomicLong left = new AtomicLong();
  private long total;

  /** Creates a budget of {@code least} bytes, or of one body if that is more. */
  BodyBudget(long least, long maxBody) {
    this.least = least;
    fit(maxBody);
  }

  /** Returns the budget of a server in this process. */
  static BodyBudget ofHeap(long maxBody) {
    return new BodyBudget(Runtime.getRuntime().maxMemory() / PART_OF_HEAP, maxBody);
  }

  /** Changes the largest size of one body. What is taken stays so. */
  synchronized void fit(long maxBody) {
    long before = total;
    total = Math.max(least, maxBody);
    left.addAndGet(total - before);
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
