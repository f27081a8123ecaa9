/**
 * Calls as OpenTelemetry spans.
 *
 * <p>Requires the optional dependency {@code io.opentelemetry:opentelemetry-api}; no other package
 * does. Begin with {@link io.github.openaikserve.opentelemetry.OpenTelemetryListener}.
 */
@NullMarked
package io.github.openaikserve.opentelemetry;

import org.jspecify.annotations.NullMarked;
