package io.github.openaikserve.examples.server;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request and its response. Runs on its connection's event loop, and only there. */
final class Exchange {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final OpenAiHandler handler;
  private final long maxBody;
  private final Exchanges exchanges;
  private final Context context = Vertx.currentContext();
  private final long begun = System.nanoTime();
  private final Buffer body = Buffer.buffer();
  private @Nullable CompletableFuture<ApiResponse> answer;
  private @Nullable BodyWriter writer;
  private boolean refused;
  private boolean ended;
  private String requestId = "-";

  Exchange(HttpServerRequest request, OpenAiHandler handler, long maxBody, Exchanges exchanges) {
    this.request = request;
    this.response = request.response();
    this.handler = handler;
    this.maxBody = maxBody;
    this.exchanges = exchanges;
  }

  void begin() {
    boolean welcome = exchanges.begin();
    if (welcome) {
      response.closeHandler(gone -> end());
      response.endHandler(done -> end());
    }
    response.exceptionHandler(broken -> cancel());
    request.exceptionHandler(broken -> cancel());
    if (!welcome) {
      ended = true;
      refuse(new BackendException(BackendCode.UNAVAILABLE, "The server is shutting down."));
    } else if (announcedLength() > maxBody) {
      refuse(tooLarge());
    } else {
      request.handler(this::read);
      request.endHandler(nothing -> answer());
    }
  }

  private long announcedLength() {
    String length = request.getHeader("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0; // the HTTP codec has refused what is no number
    }
  }

  private void read(Buffer piece) {
    if (refused) {
      return;
    }
    if (body.length() + (long) piece.length() > maxBody) {
      refuse(tooLarge());
    } else {
      body.appendBuffer(piece);
    }
  }

  private InvalidRequestException tooLarge() {
    return new InvalidRequestException(
        413,
        "request_too_large",
        null,
        "The request body is larger than %d bytes.".formatted(maxBody));
  }

  /** Answers without the handler. What is still to come of the body is not wanted: it hangs up. */
  private void refuse(OpenAiException error) {
    refused = true;
    response.putHeader("connection", "close");
    write(handler.refuse(apiRequest(), error));
  }

  private void answer() {
    if (refused || ended) {
      return;
    }
    CompletableFuture<ApiResponse> pending = handler.handle(apiRequest());
    answer = pending;
    pending.whenComplete(
        (ready, failure) -> {
          if (ready != null) {
            context.runOnContext(nothing -> write(ready));
          }
        });
  }

  private ApiRequest apiRequest() {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String name : request.headers().names()) {
      headers.put(name, request.headers().getAll(name));
    }
    return new ApiRequest(request.method().name(), request.uri(), headers, body.getBytes());
  }

  private void write(ApiResponse ready) {
    requestId = ready.headers().getOrDefault("x-request-id", "-");
    if (response.closed()) {
      ready.body().close();
      return;
    }
    response.setStatusCode(ready.status());
    ready.headers().forEach(response::putHeader);
    if (ready.body().length().isPresent()) {
      response.putHeader("content-length", String.valueOf(ready.body().length().getAsLong()));
    } else {
      response.setChunked(true);
    }
    var bytes = new BodyWriter(response, context);
    writer = bytes;
    ready.body().subscribe(bytes);
  }

  /** The response is complete or its client is gone, whichever comes first. */
  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    cancel();
    AccessLog.write(request, response, begun, requestId);
    exchanges.end();
  }

  private void cancel() {
    CompletableFuture<ApiResponse> pending = answer;
    if (pending != null) {
      pending.cancel(false);
    }
    BodyWriter bytes = writer;
    if (bytes != null) {
      bytes.cancel();
    }
  }
}
