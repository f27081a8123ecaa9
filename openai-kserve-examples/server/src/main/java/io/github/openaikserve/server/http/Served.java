package io.github.openaikserve.server.http;

import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.limits.RequestNotes;
import java.util.function.Supplier;

/**
 * What all requests of a server share. Thread-safe.
 *
 * @param notes what requests have used, for their lines of the access log
 * @param logged whether each request is a line of the access log
 */
record Served(
    OpenAiHandler handler,
    Supplier<ServerOptions> current,
    Exchanges exchanges,
    BodyBudget budget,
    Workers workers,
    HttpMeters meters,
    RequestNotes notes,
    boolean logged) {
  /** Returns the options as they are now. */
  ServerOptions options() {
    return current.get();
  }
}
