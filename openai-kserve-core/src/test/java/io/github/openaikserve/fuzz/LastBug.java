package io.github.openaikserve.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The failure that the library logged last as a bug of its own. */
final class LastBug extends AppenderBase<ILoggingEvent> {
  private static final LastBug INSTANCE = new LastBug();
  private static final Logger LOGGER =
      (Logger) LoggerFactory.getLogger("io.github.openaikserve.internal.http.response.FailureLog");

  private volatile @Nullable Throwable cause;

  /** Begins to watch, so that the cause of a bug is known. */
  static void watch() {
    LOGGER.setLevel(Level.ERROR);
    LOGGER.setAdditive(false);
    LOGGER.addAppender(INSTANCE);
    INSTANCE.start();
  }

  /** Stops watching, because other tests of the process read the same log. */
  static void release() {
    LOGGER.detachAppender(INSTANCE);
    LOGGER.setAdditive(true);
    LOGGER.setLevel(null);
  }

  static @Nullable Throwable cause() {
    return INSTANCE.cause;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getThrowableProxy() instanceof ThrowableProxy proxy) {
      cause = proxy.getThrowable();
    }
  }
}
