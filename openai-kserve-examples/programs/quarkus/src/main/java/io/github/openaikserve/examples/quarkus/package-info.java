/** A program with Quarkus. */
@NullMarked
package io.github.openaikserve.examples.quarkus;

import org.jspecify.annotations.NullMarked;
