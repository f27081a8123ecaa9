package io.github.openaikserve.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** The same API behind the JDK's own HTTP server, with a thread for each request. */
public final class JdkServerExample {
  private JdkServerExample() {}

  /** Serves on loopback until the server is stopped. */
  static HttpServer start(OpenAiHandler handler, int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", exchange -> answer(handler, exchange));
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    return server;
  }

  private static void answer(OpenAiHandler handler, HttpExchange exchange) throws IOException {
    try (exchange) {
      ApiResponse response =
          handler
              .handle(
                  new ApiRequest(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI().getRawPath(),
                      exchange.getRequestHeaders(),
                      exchange.getRequestBody().readAllBytes()))
              .join();
      response.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(response.status(), response.body().length().orElse(0));
      response.body().writeTo(exchange.getResponseBody()); // a failed write cancels the call
    }
  }
}
