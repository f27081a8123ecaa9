package io.github.openaikserve.server.http;

import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.limits.RequestNotes;
import java.util.function.Supplier;

/**
 * The objects that all requests of a server share. Thread-safe.
 *
 * @param current returns the current options
 * @param notes the usage of requests, for their lines of the access log
 * @param logged whether requests are written to the access log
 */
record Served(
    OpenAiHandler handler,
    Supplier<ServerOptions> current,
    ActiveRequests exchanges,
    BodyBudget budget,
    Workers workers,
    HttpMeters meters,
    RequestNotes notes,
    boolean logged) {
  ServerOptions options() {
    return current.get();
  }
}
