package io.github.openaikserve.internal.http;

import io.github.openaikserve.internal.flow.Pipe;
import io.github.openaikserve.time.Scheduler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Comments in streams that are silent, so that nobody on the way takes them for dead. Thread-safe.
 *
 * <p>A stream is looked at twice in an interval: a comment comes after one interval of silence, and
 * at the latest after one and a half.
 *
 * <p>Source: WHATWG HTML, 9.2.7 (comment lines against proxies that drop silent connections).
 *
 * @param interval null for no comments
 */
record KeepAlive(@Nullable Duration interval, Scheduler scheduler) {
  private static final ByteBuffer COMMENT =
      ByteBuffer.wrap(": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();

  /** Watches over a stream until it ends; after the first interval it counts as opened. */
  void over(Pipe<?, ByteBuffer> events) {
    if (interval != null) {
      new Watch(events, interval.dividedBy(2), scheduler).begin();
    }
  }

  private static final class Watch {
    private final Pipe<?, ByteBuffer> events;
    private final Duration half;
    private final Scheduler scheduler;
    private int ticks;

    // Guarded by this.
    private Scheduler.@Nullable Cancellable timer;

    Watch(Pipe<?, ByteBuffer> events, Duration half, Scheduler scheduler) {
      this.events = events;
      this.half = half;
      this.scheduler = scheduler;
    }

    void begin() {
      arm();
      events.ended().whenComplete((done, failure) -> stop());
    }

    private void arm() {
      Scheduler.Cancellable next = scheduler.schedule(half, this::tick);
      synchronized (this) {
        timer = next;
      }
      if (events.ended().isDone()) {
        stop();
      }
    }

    private void tick() {
      if (events.ended().isDone()) {
        return;
      }
      ticks++;
      events.tick(COMMENT.duplicate());
      if (ticks == 2) {
        events.open(); // from here on a failure is an event
      }
      arm();
    }

    private synchronized void stop() {
      if (timer != null) {
        timer.cancel();
        timer = null;
      }
    }
  }
}
