/**
 * Conversion between the protobuf messages of the protocol and the values of core's {@code kserve}
 * package, for the transport and the recorder. Not for applications.
 */
@NullMarked
package io.github.openaikserve.grpc.internal.message;

import org.jspecify.annotations.NullMarked;
