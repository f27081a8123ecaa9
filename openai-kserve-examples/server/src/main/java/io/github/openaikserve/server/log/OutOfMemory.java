package io.github.openaikserve.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Ends the process after an {@link OutOfMemoryError} of the heap or of direct memory. Otherwise
 * some requests would never be answered; an orchestrator replaces a process that has ended. The JVM
 * option {@code -XX:+ExitOnOutOfMemoryError} does the same for the heap, but a jar cannot set it.
 *
 * <p>Libraries catch and log the exceptions of their tasks. So this class inspects every throwable
 * that is logged, at any level, and every uncaught one.
 */
public final class OutOfMemory extends TurboFilter {
  /** The status with which {@code -XX:+ExitOnOutOfMemoryError} ends a process. */
  static final int STATUS = 3;

  private static final int MAX_CAUSES = 20;
  private static final long WRITE_SECONDS = 2;

  /** Allocated in advance, because there may be no memory left later. */
  private static final byte[] MESSAGE =
      "error: out of memory, ending this process so that it can be replaced\n"
          .getBytes(StandardCharsets.UTF_8);

  private static final CountDownLatch FOUND = new CountDownLatch(1);

  private OutOfMemory() {}

  /** Watches this process until it ends. */
  public static void watch() {
    var filter = new OutOfMemory();
    filter.setContext(ServerLog.context());
    filter.start();
    ServerLog.context().addTurboFilter(filter);
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          check(failure);
          if (before != null) {
            before.uncaughtException(thread, failure);
          }
        });
    // Starts the thread in advance, because a thread cannot be started without memory.
    var halt = new Thread(OutOfMemory::halt, "out-of-memory");
    halt.setDaemon(true);
    halt.start();
  }

  /** Ends the process even if writing to standard error blocks. */
  private static void halt() {
    try {
      FOUND.await();
      TimeUnit.SECONDS.sleep(WRITE_SECONDS);
    } catch (InterruptedException e) {
      return; // not interrupted while the process runs
    }
    Runtime.getRuntime().halt(STATUS);
  }

  /** Ends the process if a failure or one of its causes is an {@link OutOfMemoryError}. */
  static void check(@Nullable Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (cause instanceof OutOfMemoryError) {
        FOUND.countDown();
        System.err.write(MESSAGE, 0, MESSAGE.length);
        System.err.flush();
        Runtime.getRuntime().halt(STATUS);
      }
      cause = cause.getCause();
    }
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable failure) {
    if (failure != null) {
      check(failure);
    }
    return FilterReply.NEUTRAL;
  }
}
