/** Tests of the program with Ktor. */
@NullMarked
package io.github.openaikserve.examples.ktor;

import org.jspecify.annotations.NullMarked;
