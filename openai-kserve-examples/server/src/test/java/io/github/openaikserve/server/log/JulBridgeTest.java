package io.github.openaikserve.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.openaikserve.testsupport.LogCapture;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The log of grpc-java is in the server's log, in its form. */
final class JulBridgeTest {
  @RegisterExtension private final LogCapture log = new LogCapture("io.grpc.Test", Level.INFO);

  @AfterEach
  void restore() throws Exception {
    LogManager.getLogManager().readConfiguration();
  }

  @Test
  void linesOfOtherLibrariesAreLinesOfTheServersLog() {
    ServerLog.bridge();
    Logger grpc = Logger.getLogger("io.grpc.Test");

    grpc.log(java.util.logging.Level.WARNING, "stream {0} is closed", 7);
    grpc.info("{not a pattern");
    grpc.fine("not shown");

    assertThat(log.messages()).containsExactly("stream 7 is closed", "{not a pattern");
    assertThat(log.events().get(0).getLevel()).isEqualTo(Level.WARN);
    assertThat(Logger.getLogger("").getHandlers()).hasOnlyElementsOfType(SLF4JBridgeHandler.class);
  }
}
