/**
 * Calls as OpenTelemetry's spans.
 *
 * <p>Here lives the only code that knows OpenTelemetry, which is an optional dependency: {@code
 * io.opentelemetry:opentelemetry-api} has to be there for those who use this package, and for
 * nobody else. Begin with {@link io.github.openaikserve.opentelemetry.OpenTelemetryListener}.
 */
@NullMarked
package io.github.openaikserve.opentelemetry;

import org.jspecify.annotations.NullMarked;
