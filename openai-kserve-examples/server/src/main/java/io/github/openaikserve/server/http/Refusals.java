package io.github.openaikserve.server.http;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** The refusals of this server, and their bytes. */
final class Refusals {
  private Refusals() {}

  static BackendException shuttingDown() {
    return new BackendException(BackendCode.UNAVAILABLE, "The server is shutting down.");
  }

  static InvalidRequestException tooSlow(Duration requestTimeout) {
    return new InvalidRequestException(
        408,
        "request_timeout",
        null,
        "The request body did not arrive within %d seconds.".formatted(requestTimeout.toSeconds()));
  }

  static InvalidRequestException malformedBody() {
    return new InvalidRequestException(
        400, "malformed_request", null, "The chunks of the request body cannot be read.");
  }

  /** Returns the event that ends a stream with a refusal. */
  static Buffer event(ApiResponse refusal) {
    return Buffer.buffer("event: error\ndata: ")
        .appendBuffer(bytes(refusal.body()))
        .appendString("\n\n");
  }

  /** Returns the body of a refusal, which is there as a whole, so this does not wait. */
  static Buffer bytes(ApiBody body) {
    var bytes = new ByteArrayOutputStream();
    try {
      body.writeTo(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("a refusal has no body", e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** Answers what the HTTP codec could not read as a request, in OpenAI's shape, and hangs up. */
  static void malformed(HttpServerRequest request, Served served) {
    // Of its head nothing is certain, so nothing of it is asked.
    var unknown = new ApiRequest("GET", "/", Map.of(), new byte[0]);
    ApiResponse refusal =
        served
            .handler()
            .refuse(unknown, error(request.decoderResult().cause(), served.options().maxHeaders()));
    AccessLog.malformed(refusal.status());
    served.meters().malformed(refusal.status());
    var response = request.response();
    response.setStatusCode(refusal.status());
    refusal.headers().forEach(response::putHeader);
    response.putHeader("connection", "close");
    response.end(bytes(refusal.body())).onComplete(sent -> request.connection().close());
  }

  private static InvalidRequestException error(Throwable cause, int maxHeaders) {
    if (cause instanceof TooLongHttpHeaderException) {
      return new InvalidRequestException(
          431,
          "headers_too_large",
          null,
          "The request headers are larger than %d bytes.".formatted(maxHeaders));
    }
    if (cause instanceof TooLongHttpLineException) {
      return new InvalidRequestException(
          414, "url_too_long", null, "The request's URL is too long.");
    }
    if (cause instanceof Http1Filter.UnsupportedVersionException) {
      return new InvalidRequestException(
          400,
          "unsupported_http_version",
          null,
          "The version of HTTP in the request line is not supported. Send HTTP/1.1, or begin an"
              + " HTTP/2 connection with its preface.");
    }
    return new InvalidRequestException(
        400, "malformed_request", null, "The request is not well-formed HTTP.");
  }
}
