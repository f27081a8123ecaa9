/** A program with Javalin. */
@NullMarked
package io.github.openaikserve.examples.javalin;

import org.jspecify.annotations.NullMarked;
