package io.github.openaikserve.internal.http;

import org.jspecify.annotations.Nullable;

/** The log of one request's failure. Thread-safe. */
final class RequestLog {
  private final FailureLog log;
  private final String requestId;
  private volatile @Nullable String model;

  RequestLog(FailureLog log, String requestId) {
    this.log = log;
    this.requestId = requestId;
  }

  /** Sets the model that the request names; null if it names none. */
  void setModel(@Nullable String model) {
    this.model = model;
  }

  /** Logs a failure, if the service or a model server is at fault. */
  void failed(Throwable failure) {
    log.failed(failure, requestId, model);
  }
}
