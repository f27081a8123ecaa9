/**
 * Measures the whole path on this machine: a worker, the clients beside each other, and the
 * reference server, each in a process of its own. Begin with {@link
 * io.github.openaikserve.examples.bench.WholePath}.
 */
@NullMarked
package io.github.openaikserve.examples.bench;

import org.jspecify.annotations.NullMarked;
