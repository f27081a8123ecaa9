/** The code on the pages about model servers, with one class for each page. */
@NullMarked
package io.github.openaikserve.examples.dialects;

import org.jspecify.annotations.NullMarked;
