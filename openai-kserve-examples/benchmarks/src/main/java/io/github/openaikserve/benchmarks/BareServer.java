package io.github.openaikserve.benchmarks;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server without the library: a generated stub and a Vert.x HTTP server in one process. It writes
 * the same bytes as the reference server, checks nothing, and finds inputs by their position in the
 * request's text.
 */
final class BareServer implements AutoCloseable {
  private static final int START_SECONDS = 30;
  private static final int MAX_HEADERS = 64 << 10;
  private static final int MAX_LINE = 16 << 10;
  private static final int NOT_FOUND = 404;

  private final ManagedChannel channel;
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final boolean gathers;

  /** Listens on a free port, with the settings of the reference server. */
  BareServer(String target, boolean gathers)
      throws InterruptedException, ExecutionException, TimeoutException {
    this.gathers = gathers;
    channel = ManagedChannelBuilder.forTarget(target).usePlaintext().directExecutor().build();
    var options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false)
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxInitialLineLength(MAX_LINE)
            .setTcpNoDelay(true);
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(this::take)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(START_SECONDS, TimeUnit.SECONDS);
  }

  int port() {
    return server.actualPort();
  }

  private void take(HttpServerRequest request) {
    if (HttpMethod.POST.equals(request.method()) && "/v1/chat/completions".equals(request.path())) {
      request.bodyHandler(body -> answer(request, body));
    } else {
      request.response().setStatusCode(NOT_FOUND).end();
    }
  }

  private void answer(HttpServerRequest request, Buffer body) {
    String json = body.toString();
    int tokens = number(json, "\"max_tokens\":");
    BareAnswer answer =
        json.contains("\"stream\":true")
            ? new BareAnswer.Streamed(
                request.response(), tokens, gathers ? Vertx.currentContext() : null)
            : new BareAnswer.Whole(request.response(), tokens);
    GRPCInferenceServiceGrpc.newStub(channel)
        .modelStreamInfer(
            RawLoad.request("generate_stream", text(json, "\"content\":\""), tokens), answer);
  }

  private static int number(String json, String before) {
    int from = after(json, before);
    int to = from;
    while (Character.isDigit(json.charAt(to))) {
      to++;
    }
    return Integer.parseInt(json, from, to, 10);
  }

  private static String text(String json, String before) {
    int from = after(json, before);
    return json.substring(from, json.indexOf('"', from));
  }

  private static int after(String json, String before) {
    int at = json.lastIndexOf(before);
    if (at < 0) {
      throw new IllegalArgumentException("expected " + before + " in the request: " + json);
    }
    return at + before.length();
  }

  @Override
  public void close() {
    vertx.close();
    channel.shutdownNow();
  }
}
