/** Files of the operator: read up to a bound, and used again when they have changed. */
@NullMarked
package io.github.openaikserve.server.file;

import org.jspecify.annotations.NullMarked;
