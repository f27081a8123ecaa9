package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.servers.AnyServeServer;
import io.github.openaikserve.server.testing.JavaProcess;
import io.github.openaikserve.server.testing.Wire;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The server as a process that ends on SIGTERM. */
@DisabledOnOs(OS.WINDOWS) // Windows has no such signal
final class SigtermTest {
  private static final int KILLED_BY_SIGTERM = 143;

  @Test
  void aRunningStreamEndsWithAnErrorEventAndTheProcessExits() throws Exception {
    try (AnyServeServer model = AnyServeServer.start()) {
      Process service = start(model.workerTarget());
      try (Wire wire = new Wire(JavaProcess.port(service))) {
        String body = "{\"prompt\":\"hang-on\",\"stream\":true}";
        wire.send(
            "POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%s"
                .formatted(body.length(), body));
        wire.readUntil("\"text\":\"Once\"");

        service.destroy();

        assertThat(wire.readAll())
            .contains("data: {\"error\":{", "\"code\":\"unavailable\"")
            .doesNotContain("[DONE]", "\"finish_reason\":\"");
        assertThat(service.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(service.exitValue()).isEqualTo(KILLED_BY_SIGTERM);
      } finally {
        service.destroyForcibly().waitFor();
      }
    }
  }

  private static Process start(String worker) throws IOException {
    return JavaProcess.of(
            List.of("-XX:+UseSerialGC"),
            ServerCommand.class,
            "--port",
            "0",
            "--anyserve-endpoint",
            worker,
            "--shutdown-delay",
            "0",
            "--grace-period",
            "1")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
