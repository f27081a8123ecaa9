/**
 * Measures the whole path on this machine: a worker, the clients beside each other, and the
 * reference server, each in a process of its own. Begin with {@link
 * io.github.openaikserve.benchmarks.WholePath}.
 */
@NullMarked
package io.github.openaikserve.benchmarks;

import org.jspecify.annotations.NullMarked;
