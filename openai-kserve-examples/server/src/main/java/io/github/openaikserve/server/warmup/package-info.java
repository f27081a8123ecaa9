/**
 * Warm-up: requests that the server sends to itself, with an internal model server on the loopback
 * interface. They load and compile the code of a request before a client sends one, and they train
 * the JVM's class archives. Configured model servers and metrics do not see them.
 */
@NullMarked
package io.github.openaikserve.server.warmup;

import org.jspecify.annotations.NullMarked;
