package io.github.openaikserve.server.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for all request bodies of a server together: an eighth of the heap, or one body of the
 * maximum size if that is more. A part of it is reserved for small bodies, so that large ones do
 * not prevent usual requests. Thread-safe.
 */
final class BodyBudget {
  /** A call holds up to four copies of its body: the bytes, their text, tensors and a message. */
  private static final int PART_OF_HEAP = 8;

  private static final int PART_FOR_SMALL = 16;

  /** The maximum size of a small body. */
  private static final int SMALL = 64 << 10;

  private final long least;
  private final AtomicLong left = new AtomicLong();
  private long total;
  private volatile long reserve;

  /** Creates a budget of {@code least} bytes, or of one body if that is more. */
  BodyBudget(long least, long maxBody) {
    this.least = least;
    fit(maxBody);
  }

  /** Returns whether a body is of usual size. */
  static boolean isSmall(long bytes) {
    return bytes <= SMALL;
  }

  /** Returns a budget for a server in this process. */
  static BodyBudget ofHeap(long maxBody) {
    return new BodyBudget(Runtime.getRuntime().maxMemory() / PART_OF_HEAP, maxBody);
  }

  /** Changes the maximum size of one body. Bytes that are taken remain taken. */
  synchronized void fit(long maxBody) {
    long before = total;
    total = Math.max(least, maxBody);
    reserve = Math.min(total / PART_FOR_SMALL, total - maxBody);
    left.addAndGet(total - before);
  }

  /**
   * Takes bytes from the budget; returns false, and takes none, if there are not enough.
   *
   * @param whole the size of the body that the bytes are for, as far as it is known
   */
  boolean take(long bytes, long whole) {
    long remaining = isSmall(whole) ? 0 : reserve;
    long before = left.get();
    while (before - bytes >= remaining) {
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
