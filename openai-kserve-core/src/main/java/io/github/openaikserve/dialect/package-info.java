/**
 * How a model server speaks: which tensors carry what.
 *
 * <p>Here live one table per server and the narrow waist they share, {@link
 * io.github.openaikserve.dialect.Generation} and {@link
 * io.github.openaikserve.dialect.GenerationDelta}. No chat, no HTTP and no transport ever does.
 * Begin with {@link io.github.openaikserve.dialect.Dialects}.
 */
@NullMarked
package io.github.openaikserve.dialect;

import org.jspecify.annotations.NullMarked;
