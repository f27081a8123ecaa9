package io.github.openaikserve.observation;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which call it is. Immutable. Never holds a prompt, an answer or a key.
 *
 * @param requestId by which the request is found in logs
 * @param routeId the id the model is configured under: one of few, so it may be a metric's label
 * @param model the name the caller used, which may be an alias; null when it used none
 * @param streamed whether the caller takes the answer in chunks
 * @param headers those of the caller's that a listener {@link CallListener#reads reads} or that are
 *     forwarded, names in lower case
 * @param attributes what a Java caller adds for its listeners, such as a tenant
 */
public record CallInfo(
    String requestId,
    String routeId,
    @Nullable String model,
    CallKind kind,
    boolean streamed,
    Map<String, String> headers,
    Map<String, String> attributes) {
  /** Copies the maps. */
  public CallInfo {
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(routeId, "routeId");
    Objects.requireNonNull(kind, "kind");
    headers = Map.copyOf(headers);
    attributes = Map.copyOf(attributes);
  }

  /** The request's id and the route; never headers, which may hold a key that is forwarded. */
  @Override
  public String toString() {
    return requestId + " (" + kind + " of " + routeId + ")";
  }
}
