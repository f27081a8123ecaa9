package io.github.openaikserve.server.limits;

import io.github.openaikserve.error.RateLimitException;
import org.jspecify.annotations.Nullable;

/**
 * The decision whether a request is within its client's limits. Immutable.
 *
 * @param state the client's remaining limits after the request
 * @param exceeded the exceeded limit; null if the request is admitted
 * @param refusal the error for the client; null if the request is admitted
 */
record Admission(RateState state, @Nullable Limit exceeded, @Nullable RateLimitException refusal) {}
