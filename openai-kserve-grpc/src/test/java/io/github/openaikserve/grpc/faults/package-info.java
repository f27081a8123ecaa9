/**
 * A network that fails as networks do, between real sockets, and a count of what is left behind.
 *
 * <p>Begin with {@link io.github.openaikserve.grpc.faults.ToxicProxy}.
 */
@NullMarked
package io.github.openaikserve.grpc.faults;

import org.jspecify.annotations.NullMarked;
