package io.github.openaikserve.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** An asynchronous log whose reader may stop. */
final class AsyncLogTest {
  private static final int QUEUE = 10;

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final List<String> written = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch reading = new CountDownLatch(1);
  private final CountDownLatch writing = new CountDownLatch(1);

  private AsyncLog log(int queue) {
    var stuck =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            writing.countDown();
            try {
              reading.await();
            } catch (InterruptedException e) { // by the stop, which the console does not notice
              Thread.currentThread().interrupt();
            }
            if (reading.getCount() > 0) {
              return;
            }
            written.add(event.getFormattedMessage());
          }
        };
    stuck.setContext(context);
    stuck.start();
    var log = new AsyncLog(queue);
    log.setContext(context);
    log.addAppender(stuck);
    log.start();
    return log;
  }

  private void append(AsyncLog log, int number) {
    log.doAppend(
        new LoggingEvent(
            "", context.getLogger("l"), Level.INFO, "line {}", null, new Object[] {number}));
  }

  @Test
  void loggingNeverBlocksAndDroppedEventsAreCounted() throws Exception {
    AsyncLog log = log(QUEUE);
    long before = AsyncLog.dropped();

    append(log, 0);
    assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();
    for (int i = 1; i < 1000; i++) {
      append(log, i);
    }

    assertThat(AsyncLog.dropped() - before).isEqualTo(1000 - 1 - QUEUE);
    reading.countDown();
    log.stop();
    assertThat(written).hasSize(1 + QUEUE).startsWith("line 0", "line 1");
  }

  @Test
  void queuedEventsAreWrittenBeforeTheStop() {
    reading.countDown();
    AsyncLog log = log(1000);
    for (int i = 0; i < 500; i++) {
      append(log, i);
    }

    log.stop();

    assertThat(written).hasSize(500);
  }

  @Test
  void stoppingDoesNotWaitForAStoppedReader() throws Exception {
    AsyncLog log = log(QUEUE);
    append(log, 0);
    assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();

    log.stop();

    assertThat(written).isEmpty();
  }
}
