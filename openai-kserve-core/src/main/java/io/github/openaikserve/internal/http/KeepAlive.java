package io.github.openaikserve.internal.http;

import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.time.Scheduler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The comments in silent streams, which keep proxies from closing them. Thread-safe.
 *
 * <p>One timer ticks while there are streams, several times in an interval. A stream receives a
 * comment after one interval of silence, or up to a tick later.
 *
 * <p>Source: WHATWG HTML, 9.2.7 (comment lines against proxies that drop silent connections).
 */
final class KeepAlive {
  private static final int TICKS = 8;

  private final @Nullable Duration tick;
  private final Scheduler scheduler;
  private final Map<MergeProcessor<?, ByteBuffer>, Silence> streams = new ConcurrentHashMap<>();

  // Guarded by this.
  private Scheduler.@Nullable Cancellable timer;
  private boolean ticking;

  /** How long a stream has been silent. Touched by the timer alone. */
  private static final class Silence {
    private long emissions;
    private int ticks;
  }

  /**
   * Creates the keep-alive of all streams.
   *
   * @param interval null for no comments
   */
  KeepAlive(@Nullable Duration interval, Scheduler scheduler) {
    this.tick = interval == null ? null : interval.dividedBy(TICKS);
    this.scheduler = scheduler;
  }

  /**
   * Adds a stream; after one interval of silence it is committed. Throws what the scheduler throws,
   * and does not keep the stream then.
   */
  void add(MergeProcessor<?, ByteBuffer> stream) {
    if (tick == null) {
      return;
    }
    streams.put(stream, new Silence());
    synchronized (this) {
      if (ticking) {
        return;
      }
      ticking = true;
    }
    try {
      arm(tick);
    } catch (RuntimeException | Error e) { // an application's scheduler
      streams.remove(stream);
      stop(e);
      throw e;
    }
  }

  /** Removes a stream that has ended. */
  void remove(MergeProcessor<?, ByteBuffer> stream) {
    streams.remove(stream);
    stopIfUnused();
  }

  private void arm(Duration delay) {
    Scheduler.Cancellable next = scheduler.schedule(delay, () -> tick(delay));
    synchronized (this) {
      timer = next;
    }
    stopIfUnused();
  }

  private void stopIfUnused() {
    Scheduler.Cancellable cancel;
    synchronized (this) {
      cancel = timer;
      if (!streams.isEmpty() || cancel == null) {
        return;
      }
      timer = null;
      ticking = false;
    }
    cancel.cancel();
  }

  private void tick(Duration delay) {
    synchronized (this) {
      timer = null;
      if (streams.isEmpty()) {
        ticking = false;
        return;
      }
    }
    streams.forEach(KeepAlive::look);
    try {
      arm(delay);
    } catch (RuntimeException | Error e) { // an application's scheduler
      stop(e);
    }
  }

  /** Ends the streams that rely on a timer which could not be set; later streams set another. */
  private void stop(Throwable failure) {
    synchronized (this) {
      ticking = false;
    }
    streams.keySet().forEach(stream -> stream.fail(failure));
  }

  private static void look(MergeProcessor<?, ByteBuffer> stream, Silence silence) {
    long emissions = stream.emissions();
    if (emissions != silence.emissions) {
      silence.emissions = emissions;
      silence.ticks = 0;
    } else if (++silence.ticks == TICKS) {
      silence.ticks = 0;
      stream.heartbeat();
      stream.commit(); // from here on a failure is an event
    }
  }
}
