/**
 * Small programs that use the library, one for each task, to copy.
 *
 * <p>Begin with {@link io.github.openaikserve.examples.ChatExample}.
 */
@NullMarked
package io.github.openaikserve.examples;

import org.jspecify.annotations.NullMarked;
