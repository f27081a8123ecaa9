package io.github.openaikserve.server.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for all request bodies of a server together: a quarter of the heap, or one body of the
 * maximum size if that is more. Thread-safe.
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

  /** Returns a budget for a server in this process. */
  static BodyBudget ofHeap(long maxBody) {
    return new BodyBudget(Runtime.getRuntime().maxMemory() / PART_OF_HEAP, maxBody);
  }

  /** Changes the maximum size of one body. Bytes that are taken remain taken. */
  synchronized void fit(long maxBody) {
    long before = total;
    total = Math.max(least, maxBody);
    left.addAndGet(total - before);
  }

  /** Takes bytes from the budget; returns false, and takes none, if there are not enough. */
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

  void release(long bytes) {
    left.addAndGet(bytes);
  }

  /** Returns the bytes that may still be taken. */
  long left() {
    return left.get();
  }
}
