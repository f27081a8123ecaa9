package io.github.openaikserve.server.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/** Answers what the HTTP codec could not read as a request, in OpenAI's shape, and hangs up. */
final class Malformed {
  private Malformed() {}

  static void answer(HttpServerRequest request, Served served) {
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
    response.end(Refusals.bytes(refusal.body())).onComplete(sent -> request.connection().close());
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
    return new InvalidRequestException(
        400, "malformed_request", null, "The request is not well-formed HTTP.");
  }
}
