package io.github.openaikserve.server.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * An asynchronous appender that never blocks the caller: while the queue is full, it drops events.
 * Unlike Logback's own, it counts them. Thread-safe.
 */
public final class AsyncLog extends AsyncAppender {
  private static final int QUEUE = 8192;
  private static final AtomicLong DROPPED = new AtomicLong();

  private long reported = DROPPED.get();

  /** Creates an appender with a queue of 8192 events. */
  public AsyncLog() {
    this(QUEUE);
  }

  AsyncLog(int events) {
    setQueueSize(events);
    setDiscardingThreshold(0);
    setNeverBlock(true);
  }

  /** Returns the number of events that this process has dropped. */
  public static long dropped() {
    return DROPPED.get();
  }

  @Override
  protected void put(ILoggingEvent event) {
    long lost = putOrDrop(event);
    if (lost > 0) {
      LoggerFactory.getLogger(AsyncLog.class)
          .warn("log lines dropped, standard error was not read count={}", lost);
    }
  }

  /** Returns the number of dropped events to report, as soon as half of the queue is free. */
  private synchronized long putOrDrop(ILoggingEvent event) {
    if (getRemainingCapacity() == 0) {
      DROPPED.incrementAndGet();
      return 0;
    }
    super.put(event);
    if (getRemainingCapacity() < getQueueSize() / 2) {
      return 0;
    }
    long lost = DROPPED.get() - reported;
    reported += lost;
    return lost;
  }
}
