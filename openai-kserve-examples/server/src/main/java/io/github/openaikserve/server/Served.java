package io.github.openaikserve.server;

import io.github.openaikserve.http.OpenAiHandler;
import java.util.concurrent.Executor;

/**
 * What all requests of a server share. Thread-safe.
 *
 * @param workers reads large bodies, which would hold up other clients on the event loop
 */
record Served(
    OpenAiHandler handler,
    ServerOptions options,
    Exchanges exchanges,
    BodyBudget budget,
    Executor workers) {}
