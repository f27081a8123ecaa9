package io.github.openaikserve.server.ui;

import io.github.openaikserve.server.limits.ClientUsage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The status of the server, in the form of its JSON. Immutable. */
record Status(
    String version,
    double uptimeSeconds,
    boolean ready,
    Calls calls,
    List<Backend> backends,
    List<Model> models,
    List<ClientUsage> clients) {
  /**
   * The calls since the start of the process.
   *
   * @param errors the number of failed calls by error code
   */
  record Calls(
      long started,
      long completed,
      long failed,
      long cancelled,
      long inFlight,
      long inputTokens,
      long outputTokens,
      Map<String, Long> errors) {}

  /**
   * A backend.
   *
   * @param limit the maximum number of concurrent calls; null for no limit
   */
  record Backend(
      String name,
      boolean available,
      int inFlight,
      int waiting,
      @Nullable Integer limit,
      List<Endpoint> endpoints) {}

  record Endpoint(
      String address,
      boolean available,
      String circuitBreaker,
      int inFlight,
      String reason,
      long failures,
      @Nullable Failure lastFailure) {}

  record Failure(String code, int status, long secondsAgo) {}

  /**
   * A model.
   *
   * @param backend null if the model was discovered
   */
  record Model(
      String id,
      @Nullable String backend,
      String state,
      boolean available,
      List<String> findings) {}
}
