package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.servers.AnyServeServer;
import io.github.openaikserve.server.testing.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The server as a process that is asked to end. */
@DisabledOnOs(OS.WINDOWS) // which has no such signal
final class SigtermTest {
  private static final Pattern PORT = Pattern.compile("listens on http://127\\.0\\.0\\.1:(\\d+) ");
  private static final int KILLED_BY_SIGTERM = 143;

  @Test
  void aStreamThatGoesOnEndsWithAnEventAndTheProcessIsGone() throws Exception {
    try (AnyServeServer model = AnyServeServer.start()) {
      Process service = start(model.workerTarget());
      try (Wire wire = new Wire(port(service))) {
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
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                ServerCommand.class.getName(),
                "--port",
                "0",
                "--anyserve-endpoint",
                worker,
                "--shutdown-delay",
                "0",
                "--grace-period",
                "1"))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static int port(Process service) throws IOException {
    var said =
        new BufferedReader(new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher announced = PORT.matcher(line);
      if (announced.find()) {
        return Integer.parseInt(announced.group(1));
      }
    }
    throw new AssertionError("the server has ended without a word");
  }
}
