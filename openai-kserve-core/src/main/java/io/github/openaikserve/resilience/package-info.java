/**
 * Decorators that protect model servers from too many calls, and callers from servers that fail.
 *
 * <p>Limits, circuit breakers, health checks, balancing and retries over any transport; nothing
 * here depends on OpenAI's objects or on gRPC. Begin with {@link
 * io.github.openaikserve.resilience.BalancedBackend} and {@link
 * io.github.openaikserve.resilience.LimitedBackend}.
 */
@NullMarked
package io.github.openaikserve.resilience;

import org.jspecify.annotations.NullMarked;
