package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of all calls of one request. Immutable.
 *
 * @param requestId the id with which the server can log the request; empty for none
 * @param metadata the headers for the model server
 * @param affinityKey the key of calls that should reach the same endpoint; null for none
 * @param queueKey the fair-queueing key; null for none
 */
public record CallMetadata(
    String requestId,
    Map<String, String> metadata,
    @Nullable String affinityKey,
    @Nullable String queueKey) {
  public static final CallMetadata NOTHING = new CallMetadata("", Map.of(), null, null);

  /**
   * Returns the call with this metadata. Headers and an id that the dialect has set are not
   * replaced.
   */
  public InferCall addTo(InferCall call, Map<String, String> traceHeaders) {
    Map<String, String> headers = new HashMap<>(metadata);
    headers.putAll(traceHeaders);
    headers.putAll(call.metadata());
    InferCall sent = call.withMetadata(headers).withAffinityKey(affinityKey).withQueueKey(queueKey);
    return call.request().id().isEmpty() && !requestId.isEmpty()
        ? sent.withRequest(call.request().withId(requestId))
        : sent;
  }
}
