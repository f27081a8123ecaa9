package io.github.openaikserve.error;

import java.util.Locale;

/**
 * The ways in which a call to a model server fails, each with its HTTP status. This is the only
 * such table. The names are gRPC's, except for three that gRPC has no code for: a prompt that is
 * too long for the model, a request that is too large, and a response that is too large.
 *
 * <p>UNAUTHENTICATED and PERMISSION_DENIED are 502: the model server has refused this process,
 * whose credentials are not the caller's. UNIMPLEMENTED is 400 because OpenAI's SDKs retry every
 * status from 500 up, and a retry cannot help.
 *
 * <p>Source: gRPC status codes; {@code google/rpc/code.proto} for the common HTTP mapping.
 */
public enum BackendCode {
  /** The call was cancelled, usually by its caller. */
  CANCELLED(502),
  /** The call failed for an unknown reason. */
  UNKNOWN(502),
  /** The server refuses the request's values. */
  INVALID_ARGUMENT(400),
  /** A time limit was exceeded. */
  DEADLINE_EXCEEDED(504),
  /** The server does not know the model. */
  NOT_FOUND(404, "model_not_found"),
  /** The object to create already exists. */
  ALREADY_EXISTS(409),
  /** The model server does not permit this process to make the call. */
  PERMISSION_DENIED(502),
  /** A limit of the server is reached. */
  RESOURCE_EXHAUSTED(429),
  /** The server's state does not allow the call. */
  FAILED_PRECONDITION(400),
  /** The server aborted the call, usually because of a conflict. */
  ABORTED(409),
  /** A value is outside what the server accepts. */
  OUT_OF_RANGE(400),
  /** The server does not have the procedure, or the model does not have the mode. */
  UNIMPLEMENTED(400),
  /** The server has an internal error. */
  INTERNAL(502),
  /** The server cannot be reached, or reports that it cannot serve the call now. */
  UNAVAILABLE(503),
  /** The server lost data. */
  DATA_LOSS(502),
  /** The model server refuses the credentials of this process, or requires some. */
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

  /** Returns the OpenAI error's {@code code}: OpenAI's own, or else this name in lower case. */
  public String value() {
    return value;
  }

  /** Returns the OpenAI error's {@code type}. */
  String type() {
    return switch (status) {
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }
}
