/**
 * Metrics of calls and endpoints, recorded as Micrometer meters.
 *
 * <p>Requires the optional dependency {@code io.micrometer:micrometer-core}; no other package
 * requires it. Start with {@link io.github.openaikserve.micrometer.MicrometerListener}.
 */
@NullMarked
package io.github.openaikserve.micrometer;

import org.jspecify.annotations.NullMarked;
