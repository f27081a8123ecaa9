/**
 * Futures that cancel what they wait for, and calls of code that may throw.
 *
 * <p>Start with {@link io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture}.
 */
@NullMarked
package io.github.openaikserve.internal.concurrent;

import org.jspecify.annotations.NullMarked;
