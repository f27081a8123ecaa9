package io.github.openaikserve.server.http;

import io.github.openaikserve.http.ApiResponse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The answer to one request, written to its connection. Runs on the connection's event loop. */
final class Answer {
  /** HTTP/2's code for a stream whose client sends or takes nothing. */
  private static final long CANCEL = 8;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Context context;
  private final WriteTimeout writeTimeout;
  private final Consumer<Boolean> end;
  private @Nullable BodyWriter writer;
  private boolean streamed;
  private boolean hangsUp;

  /**
   * Creates an answer.
   *
   * @param end receives at the end whether the answer was delivered
   */
  Answer(
      HttpServerRequest request,
      Context context,
      WriteTimeout writeTimeout,
      Consumer<Boolean> end) {
    this.request = request;
    this.response = request.response();
    this.context = context;
    this.writeTimeout = writeTimeout;
    this.end = end;
  }

  /** Announces that the connection ends with this answer. HTTP/2 has no such header. */
  void announceClose() {
    if (!isHttp2()) {
      response.putHeader("connection", "close");
    }
  }

  /** Closes the connection once the answer, to a request that was read whole, is written. */
  void closeAfterwards() {
    announceClose();
    hangsUp = !isHttp2();
  }

  boolean isHttp2() {
    return request.version() == HttpVersion.HTTP_2;
  }

  /** Returns whether the answer has been begun. */
  boolean isBegun() {
    return writer != null;
  }

  /** Writes an answer; closes its body if the client is gone. */
  void write(ApiResponse ready) {
    if (response.closed()) {
      ready.body().close();
      return;
    }
    response.setStatusCode(ready.status());
    ready.headers().forEach(response::putHeader);
    streamed = ready.body().length() < 0;
    if (streamed) {
      if (request.version() == HttpVersion.HTTP_1_0) {
        closeAfterwards(); // nothing else tells the client where the answer ends
      }
      response.setChunked(true);
    } else {
      response.headers().add("vary", "accept-encoding");
      if (!isHead() || request.getHeader("accept-encoding") == null) { // else it may be compressed
        response.putHeader("content-length", String.valueOf(ready.body().length()));
      }
    }
    if (isHead()) {
      ready.body().close();
      finish();
      return;
    }
    var bytes = new BodyWriter(response, context, writeTimeout, this::finish);
    writer = bytes;
    ready.body().subscribe(bytes);
  }

  private boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  /** Writes an answer without a body. */
  void write(int status) {
    response.setStatusCode(status);
    finish();
  }

  /** It is over only when the last byte is in the socket: a slow reader may still be far behind. */
  void finish() {
    Future<Void> sent = response.end();
    if (!sent.isComplete()) {
      writeTimeout.watch();
    }
    sent.onComplete(
        outcome -> {
          end.accept(outcome.succeeded());
          if (hangsUp) {
            hangUp();
          }
        });
  }

  /** Ends a stream with an event; returns whether there was one to end. */
  boolean interrupt(Buffer event) {
    BodyWriter bytes = writer;
    if (bytes == null || !streamed || !bytes.interrupt()) {
      return false;
    }
    response.write(event);
    finish();
    return true;
  }

  /** Stops what is being written. */
  void cancel() {
    BodyWriter bytes = writer;
    if (bytes != null) {
      bytes.cancel();
    }
  }

  /** Ends the exchange for its client: the connection, or only the stream of HTTP/2. */
  void hangUp() {
    if (isHttp2()) {
      response.reset(0);
    } else {
      request.connection().close();
    }
  }

  /** Ends the exchange of a client that takes nothing, without writing what waits for it. */
  void cut() {
    if (isHttp2()) {
      response.reset(CANCEL);
    } else {
      Cut.through(request.connection());
    }
  }
}
