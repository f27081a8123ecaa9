package io.github.openaikserve.benchmarks;

import java.util.List;
import java.util.Locale;

/** Results as Markdown. */
final class Table {
  private static final String HEAD =
      "| what | streams | pace | tokens/s | requests/s | CPU us/token | CPU us/request | heap"
          + " B/token | RSS MB | first token p50 / p99 ms | failed |\n"
          + "|---|---|---|---|---|---|---|---|---|---|---|\n";

  private Table() {}

  static String of(List<Measured> results) {
    var table = new StringBuilder(HEAD);
    for (Measured result : results) {
      table.append(line(result)).append('\n');
    }
    return table.toString();
  }

  static String line(Measured m) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %,.0f | %,.0f | %.2f | %.0f | %.0f | %d | %.1f / %.1f | %d |",
        m.what(),
        streams(m.work()),
        pace(m.work()),
        m.tokensPerSecond(),
        m.requestsPerSecond(),
        m.cpu(),
        m.cpuPerRequest(),
        m.allocated(),
        m.resident() >> 20,
        m.firstTokenP50() / 1e3,
        m.firstTokenP99() / 1e3,
        m.failures());
  }

  /** Returns the number of streams, and the number of choices if there are several. */
  static String streams(Work work) {
    return work.choices() == 1 ? "" + work.streams() : work.streams() + " x " + work.choices();
  }

  static String pace(Work work) {
    return work.whole() ? "whole" : work.paceMillis() == 0 ? "none" : work.paceMillis() + " ms";
  }
}
