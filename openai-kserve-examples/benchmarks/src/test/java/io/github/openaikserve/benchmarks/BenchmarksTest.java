package io.github.openaikserve.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.openaikserve.benchmarks.StreamBenchmark.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** Every benchmark runs the work that it measures. Does not check speed. */
final class BenchmarksTest {
  @Test
  void requestsAreAnswered() {
    var benchmark = new RequestBenchmark();

    assertThat(benchmark.oneKilobyte()).isPositive();
    assertThat(benchmark.twentyMessagesWithTools()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void streamsBecomeEvents(Reading reading) {
    var benchmark = new StreamBenchmark();
    benchmark.reading = reading;
    benchmark.choose();

    assertThat(benchmark.together()).isEqualTo(benchmark.alone());
  }

  @ParameterizedTest
  @EnumSource
  void longTextsAreStreamed(LengthBenchmark.Text text) {
    var benchmark = new LengthBenchmark();
    benchmark.text = text;
    benchmark.choose();

    assertThat(benchmark.hundredThousand()).isGreaterThan(99 * benchmark.thousand());
  }

  @Test
  void wholeAnswersAreFolded() {
    assertThat(new FoldBenchmark().whole()).isGreaterThan(5L * Tokens.COUNT);
  }

  @Test
  void templatesAreRendered() {
    var benchmark = new TemplateBenchmark();

    assertThat(benchmark.chatMl().text()).contains("number 6");
    assertThat(benchmark.llama3().text()).contains("number 6");
    assertThat(benchmark.jinja().text()).contains("number 6");
  }

  @Test
  void messagesCrossTheWire() {
    var benchmark = new WireBenchmark();

    assertThat(benchmark.decode()).isEqualTo(Tokens.COUNT);
    assertThat(benchmark.encode()).isZero();
  }

  @Test
  void theWholePathIsMeasuredInSeparateProcesses(@TempDir Path folder) throws Exception {
    int status =
        new CommandLine(new WholePath())
            .execute(
                "--only=raw-direct,bare,server",
                "--parts=zero,choices",
                "--streams=2",
                "--seconds=1",
                "--warm-up=0",
                "--rounds=1",
                "--out=" + folder);

    assertThat(status).isZero();
    assertThat(Files.readString(folder.resolve("whole-path.md")))
        .containsPattern("\\| raw-direct \\| 2 \\| none \\| [1-9]")
        .containsPattern("\\| bare \\| 2 \\| none \\| [1-9]")
        .containsPattern("\\| server \\| 2 \\| none \\| [1-9]")
        .containsPattern("\\| server \\| 8 x 8 \\| none \\| [1-9]")
        .containsPattern("\\| server / bare \\| 2 \\| none \\| [0-9]")
        .containsPattern("\\| 8 choices / 8 requests \\| 8 x 8 / 64 \\| none \\| [0-9]");
    assertThat(Files.readString(folder.resolve("whole-path.svg"))).contains("<polyline");
    assertThat(Files.readString(folder.resolve("whole-path-latency.svg"))).contains("<polyline");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // The launcher is a shell script.
  void theStartIsMeasured(@TempDir Path folder) throws Exception {
    Path server = Path.of("../target/openai-kserve-server.jar");
    assumeThat(server).exists();
    // Training refers to neighbours of the jar, which a parallel build may create meanwhile.
    Path jar = Files.copy(server, folder.resolve("openai-kserve-server.jar"));

    int status =
        new CommandLine(new StartUp())
            .execute(
                "--starts=1", "--training=3", "--counts=1,2,4", "--jar=" + jar, "--out=" + folder);

    assertThat(status).isZero();
    assertThat(Files.readString(folder.resolve("start-up.md")))
        .containsPattern("\\| JDK \\d+ \\| [1-9]")
        .containsPattern("\\| JDK \\d+, archive \\| [1-9]");
    assertThat(Files.readString(folder.resolve("start-up.svg"))).contains("<polyline");
  }
}
