package io.github.openaikserve.time;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class SharedSchedulerTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** How deep the stack is on which a timer is cancelled; the trace of an exception is as long. */
  private static final int DEPTH = 500;

  private final Scheduler scheduler = Scheduler.SHARED;

  @Test
  void aTaskRunsOnceAfterItsDelay() throws Exception {
    BlockingQueue<Long> runs = new LinkedBlockingQueue<>();
    long start = scheduler.nanoTime();

    scheduler.schedule(Duration.ofMillis(20), () -> runs.add(scheduler.nanoTime() - start));

    Long delay = runs.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(delay).isNotNull().isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
    assertThat(runs).isEmpty();
  }

  @Test
  void aTaskWithoutADelayRunsAtOnce() throws Exception {
    var ran = new CountDownLatch(2);

    scheduler.schedule(Duration.ZERO, ran::countDown);
    scheduler.schedule(Duration.ofSeconds(-1), ran::countDown);

    assertThat(ran.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theLongestDelayNeverPasses() {
    var ran = new CompletableFuture<Void>();

    Scheduler.Cancellable timer =
        scheduler.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.complete(null));
    timer.cancel();

    assertThat(ran).isNotDone();
  }

  @Test
  void aCancelledTimerIsReleasedAtOnce() throws Exception {
    var collected = new ReferenceQueue<Object>();
    List<WeakReference<Object>> timers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Scheduler.Cancellable timer = scheduler.schedule(HOUR, () -> {});
      timers.add(new WeakReference<>(timer, collected));
      timer.cancel();
    }

    int released = 0;
    for (int i = 0; i < 300 && released < timers.size(); i++) {
      System.gc();
      released += collected.remove(100) == null ? 0 : 1;
    }

    assertThat(released).isEqualTo(timers.size());
  }

  @Test
  void cancellingATimerMakesNoException() {
    long bytes = 0;
    for (int i = 0; i < 100; i++) { // the first runs load classes
      Scheduler.Cancellable timer = scheduler.schedule(HOUR, () -> {});
      bytes = allocatedAtDepth(DEPTH, timer);
    }

    assertThat(bytes).isLessThan(2L * DEPTH);
  }

  @Test
  void aTimerMayBeCancelledAgainAndAfterItsTaskRan() throws Exception {
    var ran = new CountDownLatch(1);
    Scheduler.Cancellable timer = scheduler.schedule(Duration.ZERO, ran::countDown);
    assertThat(ran.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

    timer.cancel();
    timer.cancel();

    assertThat(ran.getCount()).isZero();
  }

  @Test
  void aTaskThatThrowsIsLoggedOnce() throws Exception {
    BlockingQueue<ILoggingEvent> events = new LinkedBlockingQueue<>();
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            events.add(event);
          }
        };
    appender.start();
    var logger = (Logger) LoggerFactory.getLogger(SharedScheduler.class);
    logger.addAppender(appender);
    logger.setLevel(Level.ERROR);
    logger.setAdditive(false);
    try {
      for (Throwable failure :
          List.of(new IllegalStateException("first"), new AssertionError("second"))) {
        scheduler.schedule(Duration.ZERO, () -> sneak(failure));

        ILoggingEvent event = events.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        assertThat(event.getFormattedMessage()).isEqualTo("scheduled task failed");
        assertThat(event.getThrowableProxy().getMessage()).isEqualTo(failure.getMessage());
      }
      assertThat(events).isEmpty();
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(null);
      logger.setAdditive(true);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    throw (T) failure;
  }

  private static long allocatedAtDepth(int depth, Scheduler.Cancellable timer) {
    if (depth > 0) {
      return allocatedAtDepth(depth - 1, timer);
    }
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(self);
    timer.cancel();
    return threads.getThreadAllocatedBytes(self) - before;
  }
}
