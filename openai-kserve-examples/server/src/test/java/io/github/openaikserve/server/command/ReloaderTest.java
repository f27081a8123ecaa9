package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.options.Inputs;
import io.github.openaikserve.server.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the configuration while the server starts, and when it cannot be applied. */
final class ReloaderTest {
  private static final Duration CHECK = Duration.ofMillis(10);
  private static final Duration NEVER = Duration.ofDays(1);

  private final List<String> applied = new CopyOnWriteArrayList<>();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void aChangeDuringTheStartIsApplied() throws Exception {
    try (Reloader reloader = reloader("old")) {
      write("new");

      reloader.start(CHECK, config -> applied.add(config.models().get(0).id()));

      Wait.until(() -> applied.contains("new"));
    }
  }

  @Test
  void hangUpsDuringTheStartAreAppliedOnceAfterIt() throws Exception {
    try (Reloader reloader = reloader("m")) {
      reloader.reload("SIGHUP");
      reloader.reload("SIGHUP");
      assertThat(applied).isEmpty();

      reloader.start(NEVER, config -> applied.add(config.models().get(0).id()));

      assertThat(applied).containsExactly("m");
    }
  }

  @Test
  void noFailureOfAConfigurationReachesTheSignalHandler() throws Exception {
    var calls = new AtomicInteger();
    try (Reloader reloader = reloader("m")) {
      reloader.start(
          NEVER,
          config -> {
            calls.incrementAndGet();
            throw new UnsupportedOperationException();
          });

      reloader.reload("SIGHUP");
      reloader.reload("SIGHUP");

      assertThat(calls).hasValue(2);
    }
  }

  private Reloader reloader(String id) throws IOException {
    var inputs = new Inputs(Map.of("--config", List.of(write(id).toString())), Map.of());
    return new Reloader(inputs, Configuration.read(inputs));
  }

  private Path write(String id) throws IOException {
    return Files.writeString(
        directory.resolve("server.yaml"),
        "backends: [{name: b, target: 'b:1'}]\nmodels: [{id: %s}]\n".formatted(id));
  }
}
