/**
 * Calls as Micrometer's meters.
 *
 * <p>Here lives the only code that knows Micrometer, which is an optional dependency: {@code
 * io.micrometer:micrometer-core} has to be there for those who use this package, and for nobody
 * else. Begin with {@link io.github.openaikserve.micrometer.MicrometerListener}.
 */
@NullMarked
package io.github.openaikserve.micrometer;

import org.jspecify.annotations.NullMarked;
