/**
 * The log of the server's process: it never waits for its reader, and ends the process when it sees
 * an {@link java.lang.OutOfMemoryError}.
 */
@NullMarked
package io.github.openaikserve.server.log;

import org.jspecify.annotations.NullMarked;
