/**
 * The ports of one endpoint, and the connections to each. {@link
 * io.github.openaikserve.grpc.internal.port.Ports} chooses the channel of each call.
 */
@NullMarked
package io.github.openaikserve.grpc.internal.port;

import org.jspecify.annotations.NullMarked;
