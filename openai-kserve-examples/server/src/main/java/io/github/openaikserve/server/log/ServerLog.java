package io.github.openaikserve.server.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/** The log of the server's process, which {@code logback.xml} configures. */
public final class ServerLog {
  private static final String ASYNC = "ASYNC";
  private static final String STDERR = "STDERR";

  private ServerLog() {}

  /** Sets the format of log lines. Has no effect if an operator has configured another log. */
  public static void format(LogFormat format) {
    Appender<ILoggingEvent> async = root().getAppender(ASYNC);
    if (format == LogFormat.TEXT
        || !(async instanceof AsyncLog log)
        || !(log.getAppender(STDERR) instanceof ConsoleAppender<ILoggingEvent> text)) {
      return;
    }
    var json = new ConsoleAppender<ILoggingEvent>();
    json.setContext(context());
    json.setName(STDERR);
    json.setTarget(text.getTarget());
    json.setEncoder(encoder());
    json.start();
    log.addAppender(json);
    log.detachAppender(text);
    text.stop();
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
