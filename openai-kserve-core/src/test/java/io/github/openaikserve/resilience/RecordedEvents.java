package io.github.openaikserve.resilience;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Events of endpoints as lines. Thread-safe. */
final class RecordedEvents implements EndpointListener {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** The lines that contain a text. */
  List<String> with(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  public void added(String endpoint) {
    lines.add("added " + endpoint);
  }

  @Override
  public void removed(String endpoint) {
    lines.add("removed " + endpoint);
  }

  @Override
  public void circuitChanged(String endpoint, CircuitState from, CircuitState to, String reason) {
    lines.add("circuit " + endpoint + " " + to.value());
  }

  @Override
  public void healthChanged(String endpoint, boolean healthy, String reason) {
    lines.add((healthy ? "healthy " : "unhealthy ") + endpoint);
  }

  @Override
  public void ejected(String endpoint, String model, Duration time) {
    lines.add("ejected " + endpoint + " for " + model + " " + time.toSeconds() + "s");
  }

  @Override
  public void retried(String endpoint) {
    lines.add("retried " + endpoint);
  }
}
