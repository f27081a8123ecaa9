package io.github.openaikserve.testsupport;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** What a logger and those below it log during a test, from a level up; nothing is printed. */
public final class LogCapture implements BeforeEachCallback, AfterEachCallback {
  private final Logger logger;
  private final Level level;
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private @Nullable Level levelBefore;

  /** Creates a capture of the logger of that name. */
  public LogCapture(String logger, Level level) {
    this.logger = (Logger) LoggerFactory.getLogger(logger);
    this.level = level;
  }

  /** Creates a capture of a class's logger, from INFO up. */
  public LogCapture(Class<?> logging) {
    this(logging.getName(), Level.INFO);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    levelBefore = logger.getLevel();
    appender.list.clear();
    appender.start();
    logger.addAppender(appender);
    logger.setLevel(level);
    logger.setAdditive(false);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger.detachAppender(appender);
    logger.setLevel(levelBefore);
    logger.setAdditive(true);
    appender.stop();
  }

  /** Returns what was logged so far. */
  public List<ILoggingEvent> events() {
    return appender.list;
  }

  /** Returns the messages logged so far. */
  public List<String> messages() {
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
