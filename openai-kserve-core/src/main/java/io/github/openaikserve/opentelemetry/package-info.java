/**
 * Traces of calls, recorded as OpenTelemetry spans.
 *
 * <p>Requires the optional dependency {@code io.opentelemetry:opentelemetry-api}; no other package
 * requires it. Start with {@link io.github.openaikserve.opentelemetry.OpenTelemetryListener}.
 */
@NullMarked
package io.github.openaikserve.opentelemetry;

import org.jspecify.annotations.NullMarked;
