/**
 * Warm-up: requests of the server to itself, against a model server of its own on the loopback
 * interface. They load and compile the code of a request before a client sends one, and they train
 * the JVM's class archives. No configured model server and no metric sees them.
 */
@NullMarked
package io.github.openaikserve.server.warmup;

import org.jspecify.annotations.NullMarked;
