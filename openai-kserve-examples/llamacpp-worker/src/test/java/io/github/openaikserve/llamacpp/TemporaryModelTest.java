package io.github.openaikserve.llamacpp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is ended by a signal leaves no copy of the embedded model. */
final class TemporaryModelTest {
  @Test
  void aSignalLeavesNoTemporaryModel(@TempDir Path temporary) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(process.inputReader(UTF_8).lines().anyMatch(Worker.STARTED::equals)).isTrue();
      assertThat(models(temporary)).isNotEmpty();

      process.destroy(); // SIGTERM

      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(models(temporary)).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String models(Path temporary) throws IOException {
    try (var files = Files.walk(temporary)) {
      return String.join(
          " ", files.map(Path::toString).filter(file -> file.contains("kserve-model")).toList());
    }
  }

  /** A program that starts a worker and never closes it. */
  static final class Worker {
    static final String STARTED = "worker started";

    private Worker() {}

    public static void main(String[] args) throws Exception {
      LlamaCppWorker.builder().start();
      System.out.println(STARTED);
      new CountDownLatch(1).await();
    }
  }
}
