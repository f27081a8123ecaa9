package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.openaikserve.grpc.servers.AnyServeServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process that is asked to read its configuration again. */
@DisabledOnOs(OS.WINDOWS) // which has no such signal
final class HangUpTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void sighupReadsTheConfigurationAgainAndDoesNotEndTheServer() throws Exception {
    assumeThat(IgnoredSignals.contain(IgnoredSignals.HANG_UP)).isFalse();
    try (AnyServeServer model = AnyServeServer.start()) {
      Path file =
          Files.writeString(
              directory.resolve("server.yaml"),
              """
              server: {port: 0, shutdown_delay: 0, grace_period: 0}
              backends: [{name: b, target: "TARGET"}]
              models: [{id: m, dialect: anyserve}]
              """
                  .replace("TARGET", model.workerTarget()));
      Process server = start(file);
      var lines =
          new BufferedReader(
              new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
      try {
        await(lines, line -> line.contains("listens on http://"));
        for (int i = 0; i < 2; i++) {
          signal(server);
          await(lines, line -> line.contains("configuration reloaded cause=SIGHUP"));
        }
        assertThat(server.isAlive()).isTrue();
      } finally {
        server.destroyForcibly().waitFor();
      }
    }
  }

  private static void signal(Process server) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-HUP", String.valueOf(server.pid())).inheritIO().start();
    assertThat(kill.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }

  private static void await(BufferedReader lines, Predicate<String> wanted) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (wanted.test(line)) {
        return;
      }
    }
    throw new AssertionError("the server has ended");
  }

  private Process start(Path file) throws IOException {
    Path logging =
        Files.writeString(
            directory.resolve("logback.xml"),
            """
            <configuration>
              <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%msg%n</pattern></encoder>
              </appender>
              <root level="INFO"><appender-ref ref="OUT"/></root>
            </configuration>
            """);
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Dlogback.configurationFile=" + logging,
                "-cp",
                System.getProperty("java.class.path"),
                ServerCommand.class.getName(),
                "--config",
                file.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
