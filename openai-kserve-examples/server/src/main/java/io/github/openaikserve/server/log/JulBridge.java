package io.github.openaikserve.server.log;

import java.text.MessageFormat;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forwards grpc-java's log from {@code java.util.logging} to the server's log. Thread-safe. */
public final class JulBridge extends Handler {
  private JulBridge() {}

  /**
   * Replaces the handlers of {@code java.util.logging}, whose writes to standard error may block.
   */
  public static void install() {
    LogManager.getLogManager().reset();
    java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
    root.setLevel(Level.INFO);
    root.addHandler(new JulBridge());
  }

  @Override
  public void publish(LogRecord line) {
    Logger log = LoggerFactory.getLogger(String.valueOf(line.getLoggerName()));
    int level = line.getLevel().intValue();
    var event =
        level >= Level.SEVERE.intValue()
            ? log.atError()
            : level >= Level.WARNING.intValue()
                ? log.atWarn()
                : level >= Level.INFO.intValue() ? log.atInfo() : log.atDebug();
    event.setCause(line.getThrown()).log(text(line));
  }

  private static String text(LogRecord line) {
    String message = String.valueOf(line.getMessage());
    Object[] parameters = line.getParameters();
    if (parameters == null || parameters.length == 0) {
      return message;
    }
    try {
      return MessageFormat.format(message, parameters);
    } catch (IllegalArgumentException e) { // the message is not a pattern
      return message;
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
