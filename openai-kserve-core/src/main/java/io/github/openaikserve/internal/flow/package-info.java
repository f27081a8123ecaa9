/**
 * Steps and pipes: how values are turned into other values while demand and cancellation run back.
 *
 * <p>Here lives nothing that knows what the values are. Begin with {@link
 * io.github.openaikserve.internal.flow.Translator}.
 */
@NullMarked
package io.github.openaikserve.internal.flow;

import org.jspecify.annotations.NullMarked;
