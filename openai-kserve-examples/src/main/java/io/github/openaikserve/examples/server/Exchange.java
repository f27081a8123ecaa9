package io.github.openaikserve.examples.server;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  private final Stall stall;
  private final long begun = System.nanoTime();
  private Buffer body = Buffer.buffer();
  private @Nullable Long timer;
  private @Nullable CompletableFuture<ApiResponse> answer;
  private @Nullable BodyWriter writer;
  private boolean counted;
  private boolean settled;
  private boolean whole;
  private boolean refused;
  private boolean ended;
  private String requestId = "-";
  private String remark = "";

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
    this.stall = new Stall(context.owner(), options.stall(), this::stalled);
  }

  void begin() {
    counted = exchanges.begin(this, request.connection(), Health.isAsked(path()));
    settled = new Cors(options.origins()).answered(request);
    response.closeHandler(gone -> end(false));
    response.exceptionHandler(broken -> cancel());
    request.exceptionHandler(broken -> cancel());
    request.handler(this::read);
    request.endHandler(nothing -> whole());
    if (!counted) {
      refuse(shuttingDown());
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

  private static BackendException shuttingDown() {
    return new BackendException(BackendCode.UNAVAILABLE, "The server is shutting down.");
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
    if (settled) {
      finish();
      return;
    }
    if (exchanges.isStopping() && Health.isReadiness(path())) {
      write(handler.refuse(apiRequest(), shuttingDown()));
      return;
    }
    CompletableFuture<ApiResponse> pending = ask();
    answer = pending;
    pending.whenComplete(
        (ready, failure) ->
            context.runOnContext(
                nothing -> {
                  if (ready != null && refused) {
                    ready.body().close();
                  } else if (ready != null) {
                    write(ready);
                  } else if (!ended && !refused) {
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
    if (ready.body().length() >= 0) {
      response.putHeader("content-length", String.valueOf(ready.body().length()));
    } else {
      response.setChunked(true);
    }
    var bytes = new BodyWriter(response, context, stall, this::finish);
    writer = bytes;
    ready.body().subscribe(bytes);
  }

  /** It is over only when the last byte is in the socket: a slow reader may still be far behind. */
  private void finish() {
    Future<Void> sent = response.end();
    if (!sent.isComplete()) {
      stall.watch();
    }
    sent.onComplete(outcome -> end(outcome.succeeded()));
  }

  /** The client takes nothing, so there is no end to wait for. */
  private void stalled() {
    remark = " (client stalled)";
    cancel();
    Cut.through(request.connection());
  }

  /**
   * The server cannot wait any longer: a stream ends with an event that says so, and what has not
   * begun to be answered is refused. A whole answer that is on its way goes on.
   */
  void endNow() {
    if (ended || refused) {
      return;
    }
    BodyWriter bytes = writer;
    if (bytes == null) {
      remark = " (shutdown)";
      cancel();
      refuse(shuttingDown());
      if (whole) {
        stopTimer();
      }
    } else if (response.isChunked() && bytes.interrupt()) {
      remark = " (shutdown)";
      response.write(event(handler.refuse(apiRequest(), shuttingDown())));
      finish();
    }
  }

  private static Buffer event(ApiResponse error) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
    try {
      error.body().writeTo(bytes); // it is there as a whole, so this does not wait
    } catch (IOException e) {
      throw new IllegalStateException("an error has no body", e);
    }
    bytes.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
    return Buffer.buffer(bytes.toByteArray());
  }

  /** Makes something happen on its event loop. */
  void later(Runnable task) {
    context.runOnContext(nothing -> task.run());
  }

  /** The response is in the socket or its client is gone, whichever comes first. */
  private void end(boolean delivered) {
    if (ended) {
      return;
    }
    ended = true;
    stall.over();
    cancel();
    AccessLog.write(
        request, begun, requestId, remark.isEmpty() && !delivered ? " (client gone)" : remark);
    if (counted) {
      exchanges.end(this, request.connection());
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
