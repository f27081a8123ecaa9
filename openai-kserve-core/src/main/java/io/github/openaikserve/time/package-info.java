/**
 * The clock and the timer behind every timeout, which tests replace.
 *
 * <p>Begin with {@link io.github.openaikserve.time.Scheduler}.
 */
@NullMarked
package io.github.openaikserve.time;

import org.jspecify.annotations.NullMarked;
