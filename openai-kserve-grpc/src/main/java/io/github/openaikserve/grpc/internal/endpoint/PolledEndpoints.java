package io.github.openaikserve.grpc.internal.endpoint;

import io.github.openaikserve.resilience.Endpoint;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A watch that reads endpoints at an interval, and sooner on {@link #refresh}. Reads never overlap.
 * Between two reads there is at least a pause of one second, which doubles with every failure, up
 * to the interval. Thread-safe.
 */
final class PolledEndpoints implements EndpointSource.Watch {
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final int MAX_DOUBLINGS = 5;

  private final Supplier<CompletableFuture<List<Endpoint>>> reader;
  private final Duration interval;
  private final Scheduler scheduler;
  private final EndpointSource.Listener listener;

  // Guarded by this.
  private @Nullable CompletableFuture<List<Endpoint>> reading;
  private Scheduler.@Nullable Cancellable timer;
  private long lastEnd;
  private int failures;
  private boolean busy;
  private boolean wanted;
  private boolean closed;

  /**
   * Creates a watch. {@link #start} starts it.
   *
   * @param reader reads once; if its future fails, {@link EndpointSource.Listener#onFailure}
   *     receives the message of the root cause
   */
  PolledEndpoints(
      Supplier<CompletableFuture<List<Endpoint>>> reader,
      Duration interval,
      Scheduler scheduler,
      EndpointSource.Listener listener) {
    this.reader = reader;
    this.interval = interval;
    this.scheduler = scheduler;
    this.listener = listener;
  }

  PolledEndpoints start() {
    read();
    return this;
  }

  private void read() {
    synchronized (this) {
      if (closed || busy) {
        return;
      }
      busy = true;
      stopTimer();
    }
    CompletableFuture<List<Endpoint>> started = reader.get();
    boolean unwanted;
    synchronized (this) {
      reading = started;
      unwanted = closed;
    }
    if (unwanted) {
      started.cancel(true);
    }
    started.whenComplete(this::done);
  }

  private void done(@Nullable List<Endpoint> found, @Nullable Throwable failure) {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    try {
      if (found == null) {
        listener.onFailure(reason(failure));
      } else {
        listener.onEndpoints(found);
      }
    } finally {
      readAgain(found == null);
    }
  }

  private synchronized void readAgain(boolean failed) {
    busy = false;
    reading = null;
    lastEnd = scheduler.nanoTime();
    failures = failed ? failures + 1 : 0;
    schedule(failures == 0 && !wanted ? interval : pause());
    wanted = false;
  }

  private static String reason(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null ? "" : String.valueOf(cause.getMessage());
  }

  @Override
  public synchronized void refresh() {
    if (busy) {
      wanted = true; // the read in progress may have begun before the endpoint was lost
    } else if (!closed) {
      schedule(pause());
    }
  }

  /** Returns the minimum pause after the last read, at most the interval. */
  private Duration pause() {
    Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
    return pause.compareTo(interval) < 0 ? pause : interval;
  }

  /** Schedules the next read for {@code pause} after the end of the last one. */
  private void schedule(Duration pause) {
    stopTimer();
    if (!closed) {
      Duration passed = Duration.ofNanos(scheduler.nanoTime() - lastEnd);
      timer = scheduler.schedule(pause.minus(passed), this::read);
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  @Override
  public void close() {
    CompletableFuture<List<Endpoint>> running;
    synchronized (this) {
      closed = true;
      stopTimer();
      running = reading;
    }
    if (running != null) {
      running.cancel(true);
    }
  }
}
