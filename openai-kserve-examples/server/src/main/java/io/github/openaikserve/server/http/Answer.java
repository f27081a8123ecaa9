package io.github.openaikserve.server.http;

import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.server.connection.ForcedClose;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes the response to one request to its connection. Runs on the connection's event loop. */
final class Answer {
  /** HTTP/2's error code for a stream whose client stopped sending or reading. */
  private static final long CANCEL = 8;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Context context;
  private final ClientTimeout writeTimeout;
  private final Consumer<Boolean> end;
  private @Nullable BodyWriter writer;
  private boolean streamed;
  private boolean closesAfterwards;

  /**
   * Creates an answer.
   *
   * @param end receives at the end whether the response was delivered
   */
  Answer(
      HttpServerRequest request,
      Context context,
      ClientTimeout writeTimeout,
      Consumer<Boolean> end) {
    this.request = request;
    this.response = request.response();
    this.context = context;
    this.writeTimeout = writeTimeout;
    this.end = end;
  }

  /** Announces that the connection closes after this response. HTTP/2 has no such header. */
  void announceClose() {
    if (!isHttp2()) {
      response.putHeader("connection", "close");
      // Vert.x replaces it by keep-alive for a client of HTTP/1.0 that sent that.
      response.headersEndHandler(written -> response.putHeader("connection", "close"));
    }
  }

  /** Closes the connection after the response. The whole request must have been read. */
  void closeAfterwards() {
    announceClose();
    closesAfterwards = !isHttp2();
  }

  boolean isHttp2() {
    return request.version() == HttpVersion.HTTP_2;
  }

  boolean isBegun() {
    return writer != null;
  }

  /** Writes a response; closes its body if the client has disconnected. */
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
        closeAfterwards(); // the only way to mark the end of the response
      }
      response.setChunked(true);
    } else {
      response.headers().add("vary", "accept-encoding");
      // A response to HEAD has no length if the one to GET may be compressed.
      if (!isHead() || request.getHeader("accept-encoding") == null) {
        response.putHeader("content-length", String.valueOf(ready.body().length()));
      }
    }
    if (isHead()) {
      ready.body().close();
      finish();
      return;
    }
    var bytes =
        new BodyWriter(response, ready.body().length(), context, writeTimeout, this::finish);
    writer = bytes;
    ready.body().subscribe(bytes);
  }

  private boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  /** Ends the response, which is complete only when the last byte is in the client's socket. */
  void finish() {
    finish(null);
  }

  private void finish(@Nullable Buffer last) {
    Future<Void> sent = last == null ? response.end() : response.end(last);
    if (!sent.isComplete()) {
      writeTimeout.start();
    }
    sent.onComplete(
        outcome -> {
          end.accept(outcome.succeeded());
          if (closesAfterwards) {
            disconnect();
          }
        });
  }

  /** Ends a running stream with an event; returns whether a stream was running. */
  boolean interrupt(Buffer event) {
    BodyWriter bytes = writer;
    if (bytes == null || !streamed || !bytes.interrupt()) {
      return false;
    }
    response.write(event);
    finish();
    return true;
  }

  void cancel() {
    BodyWriter bytes = writer;
    if (bytes != null) {
      bytes.cancel();
    }
  }

  /** Closes the connection, or only the stream of HTTP/2. */
  void disconnect() {
    if (isHttp2()) {
      response.reset(0);
    } else {
      request.connection().close();
    }
  }

  /** Disconnects a client that does not read, and discards the bytes that wait for it. */
  void forceClose() {
    if (isHttp2()) {
      response.reset(CANCEL);
    } else {
      ForcedClose.of(request.connection());
    }
  }
}
