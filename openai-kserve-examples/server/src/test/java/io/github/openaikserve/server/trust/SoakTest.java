package io.github.openaikserve.server.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Five seconds in the build; {@code .ci/soak} runs it for ten minutes, or for a given time. */
final class SoakTest {
  private static final Duration DURATION =
      Duration.parse(System.getProperty("soak.duration", "PT5S"));

  @Test
  void everyRequestIsAnsweredOrRefusedAndNoResourceLeaks() throws Exception {
    SoakReport report = new Soak(DURATION).run();

    System.out.println(report.text());
    Files.writeString(Path.of("target", "soak-report.md"), report.text());
    assertThat(report.tally().losses()).isEmpty();
    assertThat(report.balances()).isTrue();
    assertThat(report.tally().answered.get()).isPositive();
    assertThat(report.faults()).isPositive();
    assertThat(report.left()).isZero();
    assertThat(report.isFlat()).as("heap in use, MiB: " + report.heap()).isTrue();
  }
}
