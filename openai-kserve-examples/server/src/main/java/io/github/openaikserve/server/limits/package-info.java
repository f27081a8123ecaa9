/**
 * Limits and usage of each client: requests and tokens per minute, concurrent requests, models.
 *
 * <p>Begin with {@link io.github.openaikserve.server.limits.Limits}. Limits apply to one process;
 * several processes count independently.
 */
@NullMarked
package io.github.openaikserve.server.limits;

import org.jspecify.annotations.NullMarked;
