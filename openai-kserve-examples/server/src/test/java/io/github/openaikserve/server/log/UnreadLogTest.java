package io.github.openaikserve.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.command.ServerCommand;
import io.github.openaikserve.server.testing.JavaProcess;
import io.github.openaikserve.server.testing.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The server as a process whose standard error is a pipe that nothing reads. */
final class UnreadLogTest {
  /** Their log lines, of 200 bytes each, exceed the size of a pipe (64 KiB) three times. */
  private static final int REQUESTS = 1000;

  @Test
  void requestsAreAnsweredWhileTheLogIsNotRead() throws Exception {
    Process process =
        JavaProcess.of(
                List.of("-XX:+UseSerialGC", JavaProcess.SERVER_LOG),
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
