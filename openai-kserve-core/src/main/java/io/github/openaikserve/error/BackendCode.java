package io.github.openaikserve.error;

import java.util.Locale;

/**
 * The codes of failed calls to a model server, each with its HTTP status. This is the only such
 * table. The names are gRPC's, except for three failures without a gRPC code: a prompt that is too
 * long for the model, a request that is too large, and a response that is too large.
 *
 * <p>UNAUTHENTICATED and PERMISSION_DENIED have status 502, because the model server rejected the
 * credentials of this process, not those of the caller. UNIMPLEMENTED has status 400, because
 * OpenAI's SDKs retry every status of 500 or more, and a retry cannot succeed.
 *
 * <p>Source: gRPC status codes; {@code google/rpc/code.proto} for the common HTTP mapping.
 */
public enum BackendCode {
  /** The call was cancelled, usually by its caller. */
  CANCELLED(502),
  /** The call failed for an unknown reason. */
  UNKNOWN(502),
  /** The server rejected values of the request. */
  INVALID_ARGUMENT(400),
  /** A time limit was exceeded. */
  DEADLINE_EXCEEDED(504),
  /** The server does not know the model. */
  NOT_FOUND(404, "model_not_found"),
  /** The object to create already exists. */
  ALREADY_EXISTS(409),
  /** The model server does not permit this process to make the call. */
  PERMISSION_DENIED(502),
  /** A limit of the server was exceeded. */
  RESOURCE_EXHAUSTED(429),
  /** The server's state does not allow the call. */
  FAILED_PRECONDITION(400),
  /** The server aborted the call, usually because of a conflict. */
  ABORTED(409),
  /** A value is outside the range that the server accepts. */
  OUT_OF_RANGE(400),
  /** The server does not implement the RPC, or the model does not support the mode. */
  UNIMPLEMENTED(400),
  /** The server had an internal error. */
  INTERNAL(502),
  /** The server cannot be reached, or reports that it temporarily cannot serve the call. */
  UNAVAILABLE(503),
  /** The server lost data. */
  DATA_LOSS(502),
  /** The model server rejected the credentials of this process, or requires credentials. */
  UNAUTHENTICATED(502),
  /** The prompt, or the prompt and the tokens to generate, exceed the model's context. */
  CONTEXT_LENGTH_EXCEEDED(400),
  /** The request is larger than the server accepts. */
  REQUEST_TOO_LARGE(400),
  /** A response is larger than the client accepts. */
  RESPONSE_TOO_LARGE(502);

  private final int status;
  private final String value;

  BackendCode(int status) {
    this(status, "");
  }

  BackendCode(int status, String value) {
    this.status = status;
    this.value = value.isEmpty() ? name().toLowerCase(Locale.ROOT) : value;
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /**
   * Returns the {@code code} of the OpenAI error: OpenAI's own code if there is one, otherwise this
   * name in lower case.
   */
  public String value() {
    return value;
  }

  /** Returns the {@code type} of the OpenAI error. */
  String type() {
    return switch (status) {
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }
}
