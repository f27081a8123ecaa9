package io.github.openaikserve.races;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Lets a few threads do their parts as nearly at the same time as can be, again and again, each
 * time out of step by another bit. What breaks a rule breaks it in one of some thousand rounds.
 */
public final class Race implements AutoCloseable {
  /** How long a kind of race goes on; {@code -Draces.millis=60000} for a minute. */
  private static final long MILLIS = Long.getLong("races.millis", 600);

  private static final int AT_LEAST = 50;
  private static final int ROUND_SECONDS = 60;
  private static final int SPINS = 200;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Runs rounds until the time is over; each gets its own random numbers, told if it fails. */
  public static void rounds(Consumer<Random> round) {
    long end = System.nanoTime() + Duration.ofMillis(MILLIS).toNanos();
    int rounds = 0;
    do {
      try {
        round.accept(new Random(rounds));
      } catch (RuntimeException | Error e) {
        throw new AssertionError("in round " + rounds, e);
      }
      rounds++;
    } while (System.nanoTime() < end || rounds < AT_LEAST);
  }

  /** Runs all parts at once and waits for them. */
  public void run(Random random, Runnable... parts) {
    var ready = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (Runnable part : parts) {
      int late = random.nextInt(SPINS);
      running.add(
          threads.submit(
              () -> {
                ready.incrementAndGet();
                while (ready.get() < parts.length) {
                  pause();
                }
                for (int i = 0; i < late; i++) {
                  Thread.onSpinWait();
                }
                part.run();
              }));
    }
    for (Future<?> part : running) {
      await(part);
    }
  }

  /** Lets the other parts go on where there are fewer processors than parts. */
  @SuppressWarnings("ThreadPriorityCheck")
  public static void pause() {
    Thread.yield();
  }

  private static void await(Future<?> part) {
    try {
      part.get(ROUND_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("one part failed", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("one part never came to its end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
