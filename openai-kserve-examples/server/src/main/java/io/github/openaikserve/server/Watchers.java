package io.github.openaikserve.server;

import io.github.openaikserve.server.limits.Limits;
import io.github.openaikserve.server.ui.ServerStatus;

/** What receives calls and knows the backends, for as long as the process runs. Thread-safe. */
record Watchers(Metrics metrics, ServerStatus status, Limits limits) {
  /** Creates a status and limits without any client. */
  Watchers(Metrics metrics) {
    this(
        metrics,
        new ServerStatus(new ServerVersion().number(), System::nanoTime),
        new Limits(metrics.registry()));
    status.clients(limits::usage);
  }
}
