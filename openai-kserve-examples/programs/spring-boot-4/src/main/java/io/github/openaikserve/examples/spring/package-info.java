/** Programs with Spring. */
@NullMarked
package io.github.openaikserve.examples.spring;

import org.jspecify.annotations.NullMarked;
