package io.github.openaikserve.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/**
 * Serves OpenAI's API with the JDK's HTTP server, with a thread for each request.
 *
 * <p>This server notices a disconnected client only at the next write, and does not limit bodies.
 * {@code -Dsun.net.httpserver.nodelay=true} sends each event at once.
 */
public final class JdkServerExample {
  private JdkServerExample() {}

  /** Serves the AnyServe at {@code host:port} (first argument) on a port (second argument). */
  public static void main(String[] args) throws IOException {
    var backend = GrpcBackend.connect(args.length == 0 ? "localhost:8000" : args[0]);
    var openai = OpenAiKServe.builder(backend).model("llamacpp", Dialects.ANYSERVE).build();
    start(openai.httpHandler(), args.length < 2 ? 8080 : Integer.parseInt(args[1]));
  }

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
          handler.answer(
              new ApiRequest(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().toASCIIString(),
                  exchange.getRequestHeaders(),
                  exchange.getRequestBody().readAllBytes()));
      try (ApiBody body = response.body()) { // closing it cancels the call
        response.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(response.status(), Math.max(0, body.length()));
        body.writeTo(exchange.getResponseBody());
      }
    }
  }
}
