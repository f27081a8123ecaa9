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

  static {
    Logger logger =
        (Logger)
            LoggerFactory.getLogger("io.github.openaikserve.internal.http.response.FailureLog");
    logger.setLevel(Level.ERROR);
    logger.setAdditive(false);
    logger.addAppender(INSTANCE);
    INSTANCE.start();
  }

  private volatile @Nullable Throwable cause;

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
