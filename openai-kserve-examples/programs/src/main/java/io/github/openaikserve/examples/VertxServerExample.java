package io.github.openaikserve.examples;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.OpenAiHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

/** A Vert.x server that answers requests with {@link VertxExample}. */
public final class VertxServerExample {
  private VertxServerExample() {}

  /** Serves the AnyServe at {@code host:port} (first argument) on a port (second argument). */
  public static void main(String[] args) {
    var backend = GrpcBackend.connect(args.length == 0 ? "localhost:8000" : args[0]);
    var openai = OpenAiKServe.builder(backend).model("llamacpp", Dialects.ANYSERVE).build();
    int port = args.length < 2 ? 8080 : Integer.parseInt(args[1]);
    start(Vertx.vertx(), openai.httpHandler(), port).await();
  }

  static Future<HttpServer> start(Vertx vertx, OpenAiHandler handler, int port) {
    return vertx
        .createHttpServer()
        .requestHandler(request -> VertxExample.answer(handler, request))
        .listen(port, "127.0.0.1");
  }
}
