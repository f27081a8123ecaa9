package io.github.openaikserve.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Wakes many streams, each at its own pace, on one thread that runs once a millisecond. A stream
 * keeps its initial phase, so that streams do not synchronize.
 */
final class Pacer implements AutoCloseable {
  /** A stream that is woken. */
  interface Ticking {
    /** Makes the next step; returns false if there is none left. */
    boolean tick();
  }

  private record Paced(Ticking ticking, int millis) {}

  /** The longest pace, in milliseconds. */
  private static final int SLOTS = 1024;

  private final ConcurrentLinkedQueue<Paced> coming = new ConcurrentLinkedQueue<>();
  private final List<List<Paced>> slots = new ArrayList<>();
  private volatile boolean over;
  private @Nullable Thread thread;

  synchronized void add(Ticking ticking, int millis) {
    if (millis < 1 || millis >= SLOTS) {
      throw new IllegalArgumentException("no pace: " + millis + " ms");
    }
    coming.add(new Paced(ticking, millis));
    if (thread == null) {
      thread = new Thread(this::run, "pacer");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run() {
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new ArrayList<>());
    }
    long begun = System.nanoTime();
    for (int now = 0; !over; now++) {
      long due = begun + TimeUnit.MILLISECONDS.toNanos(now);
      long wait = due - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
      step(now);
    }
  }

  private void step(int now) {
    List<Paced> due = slots.get(now % SLOTS);
    slots.set(now % SLOTS, new ArrayList<>());
    for (Paced paced = coming.poll(); paced != null; paced = coming.poll()) {
      due.add(paced);
    }
    for (Paced paced : due) {
      if (paced.ticking().tick()) {
        slots.get((now + paced.millis()) % SLOTS).add(paced);
      }
    }
  }

  @Override
  public void close() {
    over = true;
  }
}
