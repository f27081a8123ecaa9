/**
 * Programs that use the library, each one small enough to copy.
 *
 * <p>Begin with {@link io.github.openaikserve.examples.ChatExample}.
 */
@NullMarked
package io.github.openaikserve.examples;

import org.jspecify.annotations.NullMarked;
