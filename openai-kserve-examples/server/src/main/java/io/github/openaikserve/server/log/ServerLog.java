package io.github.openaikserve.server.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The log of the server's process, which {@code logback.xml} configures. */
public final class ServerLog {
  private static final String ASYNC = "ASYNC";
  private static final String STDERR = "STDERR";

  private ServerLog() {}

  /** Sets the format of log lines. Has no effect if an operator has configured another log. */
  public static void format(LogFormat format) {
    if (format == LogFormat.JSON
        && root().getAppender(ASYNC) instanceof AsyncLog log
        && log.getAppender(STDERR) instanceof ConsoleAppender<ILoggingEvent> console) {
      console.setEncoder(encoder());
    }
  }

  private static JsonEncoder encoder() {
    var encoder = new JsonEncoder();
    encoder.setContext(context());
    encoder.setWithMessage(false);
    encoder.setWithFormattedMessage(true);
    encoder.setWithArguments(false);
    encoder.setWithContext(false);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.start();
    return encoder;
  }

  /**
   * Forwards the log of {@code java.util.logging}, such as grpc-java's. Replaces its handlers,
   * whose writes to standard error may block.
   */
  public static void bridge() {
    LogManager.getLogManager().reset();
    SLF4JBridgeHandler.install();
  }

  /** Writes the queued events, for one second at most, and stops the log. */
  public static void close() {
    context().stop();
  }

  static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static Logger root() {
    return context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
