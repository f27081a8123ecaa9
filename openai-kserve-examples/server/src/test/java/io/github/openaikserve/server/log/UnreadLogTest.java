package io.github.openaikserve.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.command.ServerCommand;
import io.github.openaikserve.server.testing.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The server as a process whose standard error is a pipe that nothing reads. */
final class UnreadLogTest {
  private static final Pattern PORT = Pattern.compile("listens on http://127\\.0\\.0\\.1:(\\d+) ");

  /** Their lines are several times what a pipe holds. */
  private static final int REQUESTS = 4000;

  @Test
  void everyRequestIsAnsweredAllTheSame() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dlogback.configurationFile=" + Path.of("src/main/resources/logback.xml"),
                ServerCommand.class.getName(),
                "--port",
                "0",
                "--endpoint",
                "127.0.0.1:1",
                "--model-name",
                "m",
                "--dialect",
                "anyserve")
            .start();
    try (Wire wire = new Wire(port(process))) {
      for (int i = 0; i < REQUESTS; i++) {
        wire.send("GET /nothing/" + "x".repeat(100) + " HTTP/1.1\r\nhost: x\r\n\r\n")
            .readUntil("unknown_url\"}}");
      }
      assertThat(process.getErrorStream().available()).isGreaterThan(4096);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static int port(Process process) throws IOException {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher announced = PORT.matcher(line);
      if (announced.find()) {
        return Integer.parseInt(announced.group(1));
      }
    }
    throw new AssertionError("the server has ended");
  }
}
