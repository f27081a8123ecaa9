/**
 * Limits and usage of each client: requests and tokens per minute, concurrent requests, models.
 *
 * <p>Begin with {@link io.github.openaikserve.server.limits.Limits}. The limits are those of one
 * process: with several, each has its own.
 */
@NullMarked
package io.github.openaikserve.server.limits;

import org.jspecify.annotations.NullMarked;
