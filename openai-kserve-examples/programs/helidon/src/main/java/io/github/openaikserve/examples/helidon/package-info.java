/** A program with Helidon. */
@NullMarked
package io.github.openaikserve.examples.helidon;

import org.jspecify.annotations.NullMarked;
