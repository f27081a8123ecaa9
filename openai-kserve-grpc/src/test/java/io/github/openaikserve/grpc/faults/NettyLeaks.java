package io.github.openaikserve.grpc.faults;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.netty.shaded.io.netty.buffer.PooledByteBufAllocator;
import io.grpc.netty.shaded.io.netty.util.ResourceLeakDetector;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Netty's reports of leaked buffers, with tracking of every buffer. */
final class NettyLeaks implements AutoCloseable {
  private static final int MANY = 200;

  private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
  private final Logger logger =
      (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class.getName());
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  NettyLeaks() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    logger.setLevel(Level.ERROR);
    logger.addAppender(appender);
    appender.start();
  }

  /** Netty reports leaks at later allocations, after a garbage collection. */
  List<String> reports() {
    System.gc();
    for (int i = 0; i < MANY; i++) {
      PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
    }
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Override
  public void close() {
    ResourceLeakDetector.setLevel(before);
    logger.detachAppender(appender);
  }
}
