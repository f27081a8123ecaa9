package io.github.openaikserve.server.http;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.connection.Http1Filter;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** The error responses that the server itself sends. */
final class Refusals {
  private static final int INTERNAL_SERVER_ERROR = 500;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private Refusals() {}

  static InvalidRequestException invalid(int status, String code, String message) {
    return new InvalidRequestException(status, code, null, message);
  }

  static BackendException shuttingDown() {
    return new BackendException(BackendCode.UNAVAILABLE, "The server is shutting down.");
  }

  static BackendException tooManyUnfinished() {
    return new BackendException(
            BackendCode.UNAVAILABLE,
            "The server is waiting for the rest of too many requests. Retry after 1 second.")
        .withRetryAfter(RETRY_AFTER);
  }

  static InvalidRequestException noBody(int max) {
    return invalid(
        413,
        "request_too_large",
        "This request takes no body; the server discards at most %d bytes.".formatted(max));
  }

  /** Returns the response for a bug of the handler. */
  static ApiResponse bug(OpenAiHandler handler, ApiRequest head) {
    ApiResponse refusal =
        handler.refuse(
            head,
            new BackendException(
                BackendCode.INTERNAL, "The server had an error while processing your request."));
    return new ApiResponse(INTERNAL_SERVER_ERROR, refusal.headers(), refusal.body());
  }

  static InvalidRequestException tooSlow(Duration requestTimeout) {
    return invalid(
        408,
        "request_timeout",
        "The request body did not arrive within the request timeout of %d seconds."
            .formatted(requestTimeout.toSeconds()));
  }

  static InvalidRequestException malformedBody() {
    return invalid(
        400, "malformed_request", "The chunked encoding of the request body is malformed.");
  }

  /** Returns the {@code error} event that ends a stream. */
  static Buffer event(ApiResponse refusal) {
    return Buffer.buffer("event: error\ndata: ")
        .appendBuffer(bytes(refusal.body()))
        .appendString("\n\n");
  }

  /** Returns the bytes of an error response. Does not block: the whole body is available. */
  static Buffer bytes(ApiBody body) {
    var bytes = new ByteArrayOutputStream();
    try {
      body.writeTo(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("the body of an error response cannot be written", e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** Answers input that the HTTP codec could not decode with an error, and disconnects. */
  static void malformed(HttpServerRequest request, Served served) {
    // The decoded head is not reliable, so none of it is used.
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
      return invalid(
          431,
          "headers_too_large",
          "The request headers exceed the limit of %d bytes.".formatted(maxHeaders));
    }
    if (cause instanceof TooLongHttpLineException) {
      return invalid(414, "url_too_long", "The URL of the request is too long.");
    }
    if (cause instanceof Http1Filter.UnsupportedVersionException) {
      return invalid(
          400,
          "unsupported_http_version",
          "The HTTP version of the request line is not supported. Send HTTP/1.1, or begin an"
              + " HTTP/2 connection with its preface.");
    }
    return invalid(400, "malformed_request", "The request is not well-formed HTTP.");
  }
}
