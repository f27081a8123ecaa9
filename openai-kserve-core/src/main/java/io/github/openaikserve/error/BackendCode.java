package io.github.openaikserve.error;

import java.util.Locale;

/**
 * How a call to a model server ended badly, and the HTTP status each one becomes. This is the only
 * such table. The words are gRPC's, but for the two of messages that are too large, of which gRPC
 * says RESOURCE_EXHAUSTED: OpenAI's SDKs would try those again.
 *
 * <p>UNIMPLEMENTED is 400 because OpenAI's SDKs retry every status from 500 up, and a server that
 * cannot do something will not learn it in the meantime.
 *
 * <p>Source: gRPC status codes; {@code google/rpc/code.proto} for the common HTTP mapping.
 */
public enum BackendCode {
  /** The call was cancelled, usually by its caller. */
  CANCELLED(502),
  /** No more is known than that it failed. */
  UNKNOWN(502),
  /** The server refuses the request's values. */
  INVALID_ARGUMENT(400),
  /** Time ran out. */
  DEADLINE_EXCEEDED(504),
  /** The server does not know the model. */
  NOT_FOUND(404),
  /** What was to be made is already there. */
  ALREADY_EXISTS(409),
  /** The credentials do not permit it. */
  PERMISSION_DENIED(403),
  /** A limit of the server is reached. */
  RESOURCE_EXHAUSTED(429),
  /** The server is in no state for it. */
  FAILED_PRECONDITION(400),
  /** The server gave up, usually over a conflict. */
  ABORTED(409),
  /** A value is outside what the server accepts. */
  OUT_OF_RANGE(400),
  /** The server has no such procedure or the model no such mode. */
  UNIMPLEMENTED(400),
  /** The server broke. */
  INTERNAL(502),
  /** The server could not be reached. */
  UNAVAILABLE(503),
  /** The server lost data. */
  DATA_LOSS(502),
  /** Credentials are missing or wrong. */
  UNAUTHENTICATED(401),
  /** The request is larger than the server takes. */
  REQUEST_TOO_LARGE(400),
  /** A response is larger than the client takes. */
  RESPONSE_TOO_LARGE(502);

  private final int status;
  private final String word = name().toLowerCase(Locale.ROOT);

  BackendCode(int status) {
    this.status = status;
  }

  /** The HTTP status that a caller sees. */
  public int status() {
    return status;
  }

  /** The OpenAI error's {@code code}: this name in lower case. */
  public String word() {
    return word;
  }

  /** The OpenAI error's {@code type}. */
  String type() {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }
}
