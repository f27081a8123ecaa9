package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.openaikserve.grpc.servers.AnyServeServer;
import io.github.openaikserve.server.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process that reloads its configuration on SIGHUP. */
@DisabledOnOs(OS.WINDOWS) // Windows has no such signal
final class HangUpTest {
  private static final Pattern RELOADED = Pattern.compile("configuration reloaded cause=SIGHUP");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void sighupReloadsTheConfigurationAndDoesNotEndTheServer() throws Exception {
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
      try {
        JavaProcess.port(server);
        for (int i = 0; i < 2; i++) {
          signal(server);
          JavaProcess.await(server, RELOADED);
        }
        assertThat(server.isAlive()).isTrue();
      } finally {
        server.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void sighupDuringTheStartDoesNotEndTheServer() throws Exception {
    assumeThat(IgnoredSignals.contain(IgnoredSignals.HANG_UP)).isFalse();
    Path file =
        Files.writeString(
            directory.resolve("server.yaml"),
            """
            server: {port: 0, warm_up: 300}
            backends: [{name: b, target: "127.0.0.1:1"}]
            models: [{id: m, dialect: anyserve}]
            """);
    Process server = start(file);
    try {
      JavaProcess.await(server, Pattern.compile("stored in memory")); // before the warm-up
      signal(server);
      JavaProcess.await(server, RELOADED);
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private static void signal(Process server) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-HUP", String.valueOf(server.pid())).inheritIO().start();
    assertThat(kill.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
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
    return JavaProcess.of(
            List.of("-XX:+UseSerialGC", "-Dlogback.configurationFile=" + logging),
            ServerCommand.class,
            "--config",
            file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
