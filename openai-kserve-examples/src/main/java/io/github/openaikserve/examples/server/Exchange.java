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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its response. Runs on its connection's event loop, and only there. */
final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private static final int OUR_BUG = 500;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final OpenAiHandler handler;
  private final ServerOptions options;
  private final Exchanges exchanges;
  private final Context context = Vertx.currentContext();
  private final long begun = System.nanoTime();
  private Buffer body = Buffer.buffer();
  private @Nullable Long timer;
  private @Nullable CompletableFuture<ApiResponse> answer;
  private @Nullable BodyWriter writer;
  private boolean counted;
  private boolean whole;
  private boolean refused;
  private boolean ended;
  private String requestId = "-";

  Exchange(
      HttpServerRequest request,
      OpenAiHandler handler,
      ServerOptions options,
      Exchanges exchanges) {
    this.request = request;
    this.response = request.response();
    this.handler = handler;
    this.options = options;
    this.exchanges = exchanges;
  }

  void begin() {
    counted = exchanges.begin(request.connection());
    response.closeHandler(gone -> end(false));
    response.exceptionHandler(broken -> cancel());
    request.exceptionHandler(broken -> cancel());
    request.handler(this::read);
    request.endHandler(nothing -> whole());
    if (!counted) {
      refuse(new BackendException(BackendCode.UNAVAILABLE, "The server is shutting down."));
    } else if (announcedLength() > options.maxBody()) {
      refuse(tooLarge());
    } else {
      startTimer(() -> refuse(tooSlow()));
      if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
        response.writeContinue();
      }
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
    if (body.length() + (long) piece.length() > options.maxBody()) {
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
        "The request body is larger than %d bytes.".formatted(options.maxBody()));
  }

  private InvalidRequestException tooSlow() {
    return new InvalidRequestException(
        408,
        "request_timeout",
        null,
        "The request body did not arrive within %d seconds."
            .formatted(options.patience().toSeconds()));
  }

  /**
   * Answers without the handler, and hangs up: when the rest of the body was read, so that its
   * sender sees the answer, and in any case once patience is over.
   */
  private void refuse(OpenAiException error) {
    refused = true;
    body = Buffer.buffer();
    startTimer(() -> request.connection().close());
    response.putHeader("connection", "close");
    write(handler.refuse(apiRequest(), error));
  }

  private void whole() {
    whole = true;
    if (refused) {
      hangUp();
    } else {
      stopTimer();
      answer();
    }
  }

  /** Not before the body was read: closing on unread bytes resets the client's connection. */
  private void hangUp() {
    if (refused && ended && whole) {
      stopTimer();
      request.connection().close();
    }
  }

  private void answer() {
    if (ended) {
      return;
    }
    CompletableFuture<ApiResponse> pending = ask();
    answer = pending;
    pending.whenComplete(
        (ready, failure) ->
            context.runOnContext(
                nothing -> {
                  if (ready != null) {
                    write(ready);
                  } else if (!ended) {
                    writeOurBug(failure);
                  }
                }));
  }

  private CompletableFuture<ApiResponse> ask() {
    try {
      return handler.handle(apiRequest());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A handler has broken its word; its client shall not wait for ever. */
  private void writeOurBug(@Nullable Throwable failure) {
    log.error("the handler has failed", failure);
    response.setStatusCode(OUR_BUG);
    finish();
  }

  private ApiRequest apiRequest() {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String name : request.headers().names()) {
      headers.put(name, request.headers().getAll(name));
    }
    return new ApiRequest(request.method().name(), path(), headers, body.getBytes());
  }

  /** A target may also be a whole URL, or no path at all, such as {@code *}. */
  private String path() {
    String path = request.path();
    return path == null || path.isEmpty() ? request.uri() : path;
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
    var bytes = new BodyWriter(response, context, this::finish);
    writer = bytes;
    ready.body().subscribe(bytes);
  }

  /** It is over only when the last byte is in the socket: a slow reader may still be far behind. */
  private void finish() {
    response.end().onComplete(sent -> end(sent.succeeded()));
  }

  /** The response is in the socket or its client is gone, whichever comes first. */
  private void end(boolean delivered) {
    if (ended) {
      return;
    }
    ended = true;
    cancel();
    AccessLog.write(request, begun, requestId, delivered);
    if (counted) {
      exchanges.end(request.connection());
    }
    if (refused && delivered) {
      hangUp();
    } else {
      stopTimer();
    }
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

  private void startTimer(Runnable late) {
    stopTimer();
    timer = context.owner().setTimer(options.patience().toMillis(), fired -> late.run());
  }

  private void stopTimer() {
    Long running = timer;
    if (running != null) {
      context.owner().cancelTimer(running);
      timer = null;
    }
  }
}
