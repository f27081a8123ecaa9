package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.internal.model.ModelRegistry;
import org.jspecify.annotations.Nullable;

/** The log of one request's failure. Thread-safe. */
public final class RequestLog {
  private final FailureLog log;
  private final ModelRegistry models;
  private final String requestId;
  private volatile @Nullable String model;

  /**
   * Creates the log of a request.
   *
   * @param requestId empty if it could not be created
   */
  public RequestLog(FailureLog log, ModelRegistry models, String requestId) {
    this.log = log;
    this.models = models;
    this.requestId = requestId;
  }

  /** Returns the id of the request; empty if it could not be created. */
  public String requestId() {
    return requestId;
  }

  /** Sets the model's name in the request; null for the default model. */
  public void setModel(@Nullable String name) {
    model = models.idOf(name);
  }

  /** Logs a failure if the service or a model server is at fault. */
  public void failed(Throwable failure) {
    log.failed(failure, requestId, model);
  }
}
