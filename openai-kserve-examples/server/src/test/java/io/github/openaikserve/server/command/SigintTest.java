package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import io.github.openaikserve.server.testing.JavaProcess;
import io.github.openaikserve.server.testing.StreamSource;
import io.github.openaikserve.server.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ctrl-C in the terminal of a server with a long shutdown delay and grace period. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SigintTest {
  private static final int STATUS = 130;

  /** The log's own lines are between them. */
  private static final Pattern PORT = Pattern.compile("^port (\\d+)$");

  private static final Pattern CLOSING = Pattern.compile("^closing$");

  @Test
  void theFirstSigintSkipsTheShutdownDelay() throws Exception {
    assumeThat(IgnoredSignals.contain(IgnoredSignals.INTERRUPT)).isFalse();
    Process process = start();
    try {
      port(process);
      interrupt(process);

      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(STATUS);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void theSecondSigintEndsTheProcessAtOnce() throws Exception {
    assumeThat(IgnoredSignals.contain(IgnoredSignals.INTERRUPT)).isFalse();
    Process process = start();
    try (Wire wire = new Wire(port(process))) {
      wire.send(Wire.post("a")).readUntil("data: begun"); // a stream that does not end by itself
      interrupt(process);
      JavaProcess.await(process, CLOSING);
      interrupt(process);

      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(STATUS);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void interrupt(Process process) throws Exception {
    assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor())
        .isZero();
  }

  private static Process start() throws IOException {
    return JavaProcess.of(List.of("-XX:+UseSerialGC"), Patient.class)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static int port(Process process) throws IOException {
    return Integer.parseInt(JavaProcess.await(process, PORT).group(1));
  }

  /** A server that waits for five minutes before it ends. */
  static final class Patient {
    private static final Duration LONG = Duration.ofMinutes(5);

    private Patient() {}

    public static void main(String[] arguments) throws Exception {
      var source = new StreamSource();
      ReferenceServer server =
          ReferenceServer.start(
              source.asScript(),
              ServerOptions.builder().shutdownDelay(LONG).gracePeriod(LONG).build());
      Signals.onInterrupt(server::skipShutdownDelay);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    System.out.println("closing");
                    server.close();
                  }));
      System.out.println("port " + server.port());
      source.send("data: begun\n\n");
      Thread.currentThread().join();
    }
  }
}
