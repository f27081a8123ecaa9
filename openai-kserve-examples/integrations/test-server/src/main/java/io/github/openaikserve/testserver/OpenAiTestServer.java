package io.github.openaikserve.testserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server of OpenAI's API on a port of the loopback interface, over the JDK's HTTP server, for
 * tests of clients. Thread-safe.
 *
 * <p>It serves an {@link OpenAiHandler}. A disconnected client is noticed at the next write. This
 * server is not for production: use the servlet or the reference server there.
 */
public final class OpenAiTestServer implements AutoCloseable {
  private final OpenAiHandler handler;
  private final HttpServer server;
  private final ExecutorService threads;

  private OpenAiTestServer(OpenAiHandler handler, HttpServer server) {
    this.handler = handler;
    this.server = server;
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              var thread = new Thread(task, "openai-kserve-test-server");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts a server on any free port.
   *
   * @throws UncheckedIOException if the server cannot listen
   */
  public static OpenAiTestServer start(OpenAiHandler handler) {
    Objects.requireNonNull(handler, "handler");
    try {
      var server =
          new OpenAiTestServer(
              handler,
              HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
      server.server.createContext("/", server::answer);
      server.server.setExecutor(server.threads);
      server.server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen", e);
    }
  }

  /** Returns the URL without a path, such as {@code http://127.0.0.1:43210}. */
  public URI url() {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  /** Returns the base URL for OpenAI's clients, with the path {@code /v1}. */
  public URI baseUrl() {
    return url().resolve("/v1");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      ApiResponse response =
          handler.answer(
              new ApiRequest(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().toString(),
                  exchange.getRequestHeaders(),
                  exchange.getRequestBody().readAllBytes()));
      try (ApiBody body = response.body()) {
        response.headers().forEach(exchange.getResponseHeaders()::set);
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        boolean empty = body.length() == 0 || isHead;
        if (isHead && body.length() >= 0) { // the JDK's server leaves it to its caller
          exchange.getResponseHeaders().set("content-length", Long.toString(body.length()));
        }
        exchange.sendResponseHeaders(response.status(), empty ? -1 : Math.max(0, body.length()));
        if (!empty) {
          body.writeTo(exchange.getResponseBody());
        }
      }
    }
  }

  /** Stops listening and breaks all connections. The handler's service remains open. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
