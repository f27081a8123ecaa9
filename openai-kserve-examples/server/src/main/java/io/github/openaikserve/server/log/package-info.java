/**
 * The log of the server's process. It never blocks the caller, and it ends the process after an
 * {@link java.lang.OutOfMemoryError}.
 */
@NullMarked
package io.github.openaikserve.server.log;

import org.jspecify.annotations.NullMarked;
