/**
 * Measures the whole path on one machine: a worker, clients and the reference server, each in a
 * separate process. Begin with {@link io.github.openaikserve.benchmarks.WholePath}.
 */
@NullMarked
package io.github.openaikserve.benchmarks;

import org.jspecify.annotations.NullMarked;
