package io.github.openaikserve.server;

import io.github.openaikserve.http.OpenAiHandler;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What all requests of a server share. Thread-safe.
 *
 * @param workers reads large bodies, which would hold up other clients on the event loop
 */
record Served(
    OpenAiHandler handler,
    Supplier<ServerOptions> current,
    Exchanges exchanges,
    BodyBudget budget,
    Executor workers) {
  /** Returns the options as they are now. */
  ServerOptions options() {
    return current.get();
  }
}
