package io.github.openaikserve.internal.request;

import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.model.Timeouts;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one request in addition to its body, from the host, the client or a Java caller.
 * Immutable.
 *
 * @param requestId the id of the request; null to create one
 * @param metadata headers for the model server
 * @param headers headers for listeners
 * @param attributes a Java caller's attributes for listeners
 * @param timeouts timeouts that replace those of the route
 * @param clientTimeout the client's timeout for the whole call, which can only shorten the
 *     service's; null if the client has sent none
 * @param clientReadTimeout the client's timeout for one read; null if the client has sent none
 * @param affinityKey the key of calls that should reach the same endpoint; null for none
 * @param queueKey the key of requests that share one turn in queues of waiting calls; null for a
 *     separate turn of each request
 * @param owner the owner of the stored responses and conversations; null for none
 */
public record CallContext(
    @Nullable String requestId,
    Map<String, String> metadata,
    Map<String, String> headers,
    Map<String, String> attributes,
    Timeouts timeouts,
    @Nullable Duration clientTimeout,
    @Nullable Duration clientReadTimeout,
    @Nullable String affinityKey,
    @Nullable String queueKey,
    @Nullable String owner) {
  /** The context of a request for which nothing is set. */
  public static final CallContext NONE =
      new CallContext(
          null, Map.of(), Map.of(), Map.of(), Timeouts.NONE, null, null, null, null, null);

  /**
   * Returns the timeouts of a call on a route. For an unstreamed answer, the client's read timeout
   * limits the whole call.
   */
  public Timeouts timeouts(Route route, boolean streamed) {
    Timeouts limits = timeouts.orElse(route.timeouts()).totalAtMost(clientTimeout);
    return streamed
        ? limits.silenceAtMost(clientReadTimeout)
        : limits.totalAtMost(clientReadTimeout);
  }

  /** Returns the caller's timeout for the whole call; null for none. */
  public @Nullable Duration total(boolean streamed) {
    Timeouts limits = timeouts.totalAtMost(clientTimeout);
    return streamed ? limits.total() : limits.totalAtMost(clientReadTimeout).total();
  }
}
