/** The messages of the protocol and their values. Not for applications. */
@NullMarked
package io.github.openaikserve.grpc.internal;

import org.jspecify.annotations.NullMarked;
