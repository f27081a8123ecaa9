package io.github.openaikserve.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.util.Iterator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * An asynchronous appender that never blocks the caller. One thread writes to the attached
 * appenders; while the queue is full, events are dropped and counted. Logback's own asynchronous
 * appender does not count them. Thread-safe.
 */
public final class AsyncLog extends UnsynchronizedAppenderBase<ILoggingEvent>
    implements AppenderAttachable<ILoggingEvent> {
  private static final int QUEUE = 8192;
  private static final long FLUSH_MILLIS = 1000;
  private static final long POLL_MILLIS = 100;

  private static final AtomicLong DROPPED = new AtomicLong();

  private final AppenderAttachableImpl<ILoggingEvent> appenders = new AppenderAttachableImpl<>();
  private final BlockingQueue<ILoggingEvent> queue;
  private final Thread writer = new Thread(this::write, "log-writer");

  /** Creates an appender with a queue of 8192 events. */
  public AsyncLog() {
    this(QUEUE);
  }

  AsyncLog(int events) {
    queue = new ArrayBlockingQueue<>(events);
    writer.setDaemon(true);
  }

  /** Returns the number of events that this process has dropped. */
  public static long dropped() {
    return DROPPED.get();
  }

  @Override
  public void start() {
    if (!isStarted()) {
      super.start();
      writer.start();
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    if (!queue.offer(event)) {
      DROPPED.incrementAndGet();
    }
  }

  private void write() {
    long reported = DROPPED.get();
    while (isStarted() || !queue.isEmpty()) {
      try {
        ILoggingEvent event = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (event != null) {
          appenders.appendLoopOnAppenders(event);
        }
      } catch (InterruptedException e) {
        return; // stopped while an appender was blocked
      }
      long dropped = DROPPED.get();
      if (dropped > reported && queue.isEmpty()) {
        LoggerFactory.getLogger(AsyncLog.class)
            .warn("log lines dropped, standard error was not read count={}", dropped - reported);
        reported = dropped;
      }
    }
  }

  /** Stops after the queued events are written, or after one second. */
  @Override
  public void stop() {
    if (!isStarted()) {
      return;
    }
    super.stop();
    try {
      writer.join(FLUSH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writer.interrupt();
  }

  @Override
  public void addAppender(Appender<ILoggingEvent> appender) {
    appenders.addAppender(appender);
  }

  @Override
  public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
    return appenders.iteratorForAppenders();
  }

  @Override
  public @Nullable Appender<ILoggingEvent> getAppender(String name) {
    return appenders.getAppender(name);
  }

  @Override
  public boolean isAttached(Appender<ILoggingEvent> appender) {
    return appenders.isAttached(appender);
  }

  @Override
  public void detachAndStopAllAppenders() {
    appenders.detachAndStopAllAppenders();
  }

  @Override
  public boolean detachAppender(Appender<ILoggingEvent> appender) {
    return appenders.detachAppender(appender);
  }

  @Override
  public boolean detachAppender(String name) {
    return appenders.detachAppender(name);
  }
}
