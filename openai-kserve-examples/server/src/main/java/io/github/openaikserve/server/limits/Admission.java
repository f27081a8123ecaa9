package io.github.openaikserve.server.limits;

import io.github.openaikserve.error.RateLimitException;
import org.jspecify.annotations.Nullable;

/**
 * The decision about one request. Immutable.
 *
 * @param state what the client has left after it
 * @param exceeded the limit that refuses the request; null if it is admitted
 * @param refusal what the client receives; null if it is admitted
 */
record Admission(RateState state, @Nullable Limit exceeded, @Nullable RateLimitException refusal) {}
