package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.internal.concurrent.Guarded;
import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.time.Scheduler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keep-alive comments of idle streams, which prevent proxies from closing them. Thread-safe.
 *
 * <p>One timer ticks several times per interval while there are streams. An idle stream receives a
 * comment after one interval, or up to one tick later.
 *
 * <p>Source: WHATWG HTML, 9.2.7 (comment lines against proxies that drop silent connections).
 */
public final class KeepAlive {
  private static final int TICKS = 8;

  private final @Nullable Duration tick;
  private final Scheduler scheduler;
  private final Map<MergeProcessor<?, ByteBuffer>, Silence> streams = new ConcurrentHashMap<>();

  // Guarded by this.
  private Scheduler.@Nullable Cancellable timer;
  private boolean ticking;

  /** The idle time of a stream. Accessed only by the timer. */
  private static final class Silence {
    private long emissions;
    private int ticks;
  }

  /**
   * Creates the keep-alive of all streams.
   *
   * @param interval null for no comments
   */
  public KeepAlive(@Nullable Duration interval, Scheduler scheduler) {
    this.tick = interval == null ? null : interval.dividedBy(TICKS);
    this.scheduler = scheduler;
  }

  /**
   * Adds a stream. It is committed after one idle interval. If the scheduler throws, the exception
   * is passed on and the stream is not added.
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
    } catch (Throwable e) { // thrown by an application's scheduler
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
    Guarded.forEach(
        streams.entrySet(),
        "keeping a stream alive",
        stream -> check(stream.getKey(), stream.getValue()));
    try {
      arm(delay);
    } catch (Throwable e) { // thrown by an application's scheduler
      stop(e);
    }
  }

  /**
   * Fails the streams that depend on a timer that could not be set. Later streams set a new timer.
   */
  private void stop(Throwable failure) {
    synchronized (this) {
      ticking = false;
    }
    Guarded.forEach(streams.keySet(), "ending a stream", stream -> stream.fail(failure));
  }

  private static void check(MergeProcessor<?, ByteBuffer> stream, Silence silence) {
    long emissions = stream.emissions();
    if (emissions != silence.emissions) {
      silence.emissions = emissions;
      silence.ticks = 0;
    } else if (++silence.ticks == TICKS) {
      silence.ticks = 0;
      stream.heartbeat();
      stream.commit(); // from now on a failure becomes an event
    }
  }
}
