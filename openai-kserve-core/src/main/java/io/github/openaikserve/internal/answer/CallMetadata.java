package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every call of one request carries to the model server. Immutable.
 *
 * @param requestId the id by which the server can name the request in its logs; empty for none
 * @param metadata headers
 * @param affinityKey of calls that should reach the same endpoint; null for none
 * @param queueKey of calls that share one turn where calls wait; null for none
 */
public record CallMetadata(
    String requestId,
    Map<String, String> metadata,
    @Nullable String affinityKey,
    @Nullable String queueKey) {
  public static final CallMetadata NOTHING = new CallMetadata("", Map.of(), null, null);

  /** Returns the call with all of it; a dialect's own headers and id are not replaced. */
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
