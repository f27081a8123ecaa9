/**
 * The passing of time, so that a test may hold the clock.
 *
 * <p>Here lives the one seam by which the library waits; nothing that knows what for does. Begin
 * with {@link io.github.openaikserve.time.Scheduler}.
 */
@NullMarked
package io.github.openaikserve.time;

import org.jspecify.annotations.NullMarked;
