package io.github.openaikserve.grpc;

import io.grpc.Attributes;
import io.grpc.LoadBalancer.Subchannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of several servers: how its calls end, and whether it is to be left alone. Thread-safe. */
final class Endpoint {
  private static final Logger log = LoggerFactory.getLogger(Endpoint.class);

  /** On the subchannels to it. */
  static final Attributes.Key<Endpoint> KEY = Attributes.Key.create("openai-kserve-endpoint");

  private static final int MOST_DOUBLINGS = 30;

  /** What the end of a call says about its server. */
  enum Outcome {
    WELL,
    BADLY,
    NOTHING
  }

  private final String name;
  private final EndpointHealth health;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean ready = true;
  private volatile boolean paused;
  private volatile @Nullable Subchannel subchannel;

  // Guarded by this.
  private int failures;
  private int pauses;
  private long pausedUntil;
  private boolean trying;
  private long tryingUntil;

  Endpoint(String name, EndpointHealth health) {
    this.name = name;
    this.health = health;
  }

  EndpointHealth health() {
    return health;
  }

  /** The connection by which it can be asked; null before there is one. */
  @Nullable Subchannel subchannel() {
    return subchannel;
  }

  void reachedBy(Subchannel latest) {
    subchannel = latest;
  }

  /** Calls in flight. */
  int open() {
    return open.get();
  }

  boolean isWelcome() {
    return ready && !paused;
  }

  /**
   * Whether a call is to find out if it works again; the one who is told so sends that call. gRPC
   * may drop a pick unsaid, so a trial of which nothing is heard for a pause is followed by
   * another.
   */
  boolean claimTrial() {
    if (!paused || !ready) {
      return false;
    }
    synchronized (this) {
      long now = System.nanoTime();
      boolean due = paused && now - pausedUntil >= 0 && (!trying || now - tryingUntil >= 0);
      if (due) {
        trying = true;
        tryingUntil = now + health.pause().toNanos();
      }
      return due;
    }
  }

  void says(boolean isReady) {
    if (ready != isReady) {
      log.info("{} says that it is {}", name, isReady ? "ready" : "not ready");
    }
    ready = isReady;
  }

  void begun() {
    open.incrementAndGet();
  }

  /** A response has come that is one. */
  void answered(boolean trial) {
    if (trial) {
      back();
    }
  }

  /** A call is in flight no longer. */
  void ended() {
    open.decrementAndGet();
  }

  void judged(Outcome outcome, boolean trial) {
    if (outcome == Outcome.WELL) {
      well(trial);
    } else if (outcome == Outcome.BADLY) {
      badly(trial);
    } else if (trial) {
      synchronized (this) {
        trying = false;
      }
    }
  }

  private void well(boolean trial) {
    if (trial) {
      back();
    } else {
      synchronized (this) {
        failures = 0;
      }
    }
  }

  private synchronized void badly(boolean trial) {
    failures++;
    // What was sent before the pause began says nothing new.
    boolean pauseNow = paused ? trial && trying : failures >= health.failures();
    if (pauseNow) {
      Duration pause = nextPause();
      pausedUntil = System.nanoTime() + pause.toNanos();
      paused = true;
      trying = false;
      log.info("{} is left alone for {} after {} failed calls in a row", name, pause, failures);
    }
  }

  private Duration nextPause() {
    Duration next = health.pause().multipliedBy(1L << Math.min(pauses, MOST_DOUBLINGS));
    pauses++;
    return next.compareTo(health.longestPause()) > 0 ? health.longestPause() : next;
  }

  private synchronized void back() {
    if (paused && trying) {
      paused = false;
      trying = false;
      failures = 0;
      pauses = 0;
      log.info("{} answers again", name);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
