package io.github.openaikserve.internal.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.internal.jinja.value.Limits;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** A hostile template ends within a second of a processor's time. */
@Tag("slow")
final class HostileTemplatesTimeTest extends HostileTemplatesTest {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Measures the time that a processor works: that other threads want it too does not count. */
  @Override
  void ends(String source) {
    ends("{{ 'warm'|upper }}", Limits.MAX_STEPS);
    long before = THREADS.getCurrentThreadCpuTime();
    ends(source, Limits.MAX_STEPS);
    assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before))
        .isLessThan(Duration.ofSeconds(1));
  }
}
