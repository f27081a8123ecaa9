/** What the pages about model servers show, compiled: one class to a page. */
@NullMarked
package io.github.openaikserve.examples.dialects;

import org.jspecify.annotations.NullMarked;
