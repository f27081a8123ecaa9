/**
 * The clock and the timer of all timeouts. Tests can replace them.
 *
 * <p>Start with {@link io.github.openaikserve.time.Scheduler}.
 */
@NullMarked
package io.github.openaikserve.time;

import org.jspecify.annotations.NullMarked;
