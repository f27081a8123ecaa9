package io.github.openaikserve.server;

import io.github.openaikserve.http.OpenAiHandler;

/** What all requests of a server share. Thread-safe. */
record Served(
    OpenAiHandler handler,
    ServerOptions options,
    Exchanges exchanges,
    BodyBudget budget,
    Workers workers,
    HttpMeters meters) {}
