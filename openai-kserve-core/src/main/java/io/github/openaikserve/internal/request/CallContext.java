package io.github.openaikserve.internal.request;

import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.model.Timeouts;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What comes with a request beside the request. Immutable.
 *
 * @param requestId null to have one made
 * @param metadata headers for the model server
 * @param headers headers for listeners
 * @param attributes what a Java caller tells listeners
 * @param timeouts in place of the route's
 * @param patience the client's for the whole call, which may only shorten; null when not told
 * @param readPatience the client's for one read; null when not told
 * @param affinityKey of calls that should reach the same endpoint; null for none
 */
public record CallContext(
    @Nullable String requestId,
    Map<String, String> metadata,
    Map<String, String> headers,
    Map<String, String> attributes,
    Timeouts timeouts,
    @Nullable Duration patience,
    @Nullable Duration readPatience,
    @Nullable String affinityKey) {
  /** Nothing but the request. */
  public static final CallContext NONE =
      new CallContext(null, Map.of(), Map.of(), Map.of(), Timeouts.NONE, null, null, null);

  /** How long a call on the route may take. One read of a whole answer is all of it. */
  public Timeouts timeouts(Route route, boolean streamed) {
    Timeouts limits = timeouts.orElse(route.timeouts()).totalAtMost(patience);
    return streamed ? limits.silenceAtMost(readPatience) : limits.totalAtMost(readPatience);
  }

  /** Returns the caller's own limit for the whole call; null without one. */
  public @Nullable Duration total(boolean streamed) {
    Timeouts limits = timeouts.totalAtMost(patience);
    return streamed ? limits.total() : limits.totalAtMost(readPatience).total();
  }
}
