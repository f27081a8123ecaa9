/**
 * Publishers, processors and futures: how items flow on while demand and cancellation flow back.
 *
 * <p>Nothing in this package depends on what the items are. Begin with {@link
 * io.github.openaikserve.internal.flow.MergeProcessor} and its {@link
 * io.github.openaikserve.internal.flow.Stage}.
 */
@NullMarked
package io.github.openaikserve.internal.flow;

import org.jspecify.annotations.NullMarked;
