/** Converters between protobuf messages and the types of the core. Not for applications. */
@NullMarked
package io.github.openaikserve.grpc.internal;

import org.jspecify.annotations.NullMarked;
