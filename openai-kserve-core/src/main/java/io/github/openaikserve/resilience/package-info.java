/**
 * Decorators that protect model servers from overload, and callers from failing servers.
 *
 * <p>Contains concurrency limits, circuit breakers, health checks, balancing and retries for any
 * transport, and {@link io.github.openaikserve.resilience.RequestLimits}, the limits on the size of
 * one request. Does not depend on OpenAI's objects or on gRPC. Start with {@link
 * io.github.openaikserve.resilience.BalancedBackend} and {@link
 * io.github.openaikserve.resilience.LimitedBackend}.
 */
@NullMarked
package io.github.openaikserve.resilience;

import org.jspecify.annotations.NullMarked;
