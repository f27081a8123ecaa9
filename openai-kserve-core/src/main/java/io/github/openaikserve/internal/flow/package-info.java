/**
 * Publishers and processors that pass items downstream, and demand and cancellation upstream.
 *
 * <p>Nothing in this package depends on the type of the items. Start with {@link
 * io.github.openaikserve.internal.flow.MergeProcessor} and its {@link
 * io.github.openaikserve.internal.flow.Stage}.
 */
@NullMarked
package io.github.openaikserve.internal.flow;

import org.jspecify.annotations.NullMarked;
