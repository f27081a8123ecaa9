package io.github.openaikserve.server.http;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;

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
}
