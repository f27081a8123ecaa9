package io.github.openaikserve.server.http;

import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.testing.Wire;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;

/** A server that each test starts, and raw connections to it. */
abstract class ServerTest {
  @SuppressWarnings("NullAway.Init") // each test starts its own
  ReferenceServer server;

  @AfterEach
  final void endServer() {
    if (server != null) {
      server.close();
    }
  }

  final void start(OpenAiHandler handler) throws IOException {
    start(handler, ServerOptions.builder());
  }

  final void start(OpenAiHandler handler, ServerOptions.Builder options) throws IOException {
    server = ReferenceServer.start(handler, options.build());
  }

  final URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  final Wire connect() throws IOException {
    return new Wire(server.port());
  }

  /** Sends a request and reads until the server closes the connection. */
  final String answer(String request) throws IOException {
    try (Wire wire = connect()) {
      return wire.send(request).readAll();
    }
  }

  /** Sends a request and reads until a text has arrived. */
  final String answer(String request, String wanted) throws IOException {
    try (Wire wire = connect()) {
      return wire.send(request).readUntil(wanted);
    }
  }
}
