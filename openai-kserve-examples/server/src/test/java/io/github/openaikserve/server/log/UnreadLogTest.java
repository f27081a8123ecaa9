package io.github.openaikserve.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.command.ServerCommand;
import io.github.openaikserve.server.testing.JavaProcess;
import io.github.openaikserve.server.testing.Wire;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The server as a process whose standard error is a pipe that nothing reads. */
final class UnreadLogTest {
  /** Their log lines exceed the size of a pipe several times. */
  private static final int REQUESTS = 4000;

  @Test
  void requestsAreAnsweredWhileTheLogIsNotRead() throws Exception {
    Process process =
        JavaProcess.of(
                Stream.concat(
                        JavaProcess.SHORT_LIVED.stream(),
                        Stream.of(
                            "-Dlogback.configurationFile="
                                + Path.of("src/main/resources/logback.xml")))
                    .toList(),
                ServerCommand.class,
                "--port",
                "0",
                "--endpoint",
                "127.0.0.1:1",
                "--model-name",
                "m",
                "--dialect",
                "anyserve")
            .start();
    try (Wire wire = new Wire(JavaProcess.port(process))) {
      for (int i = 0; i < REQUESTS; i++) {
        wire.send("GET /nothing/" + "x".repeat(100) + " HTTP/1.1\r\nhost: x\r\n\r\n")
            .readUntil("unknown_url\"}}");
      }
      assertThat(process.getErrorStream().available()).isGreaterThan(4096);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
