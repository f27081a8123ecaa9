/**
 * Realistic network faults between real sockets, and a check for leaked resources.
 *
 * <p>Begin with {@link io.github.openaikserve.grpc.faults.ToxicProxy}.
 */
@NullMarked
package io.github.openaikserve.grpc.faults;

import org.jspecify.annotations.NullMarked;
