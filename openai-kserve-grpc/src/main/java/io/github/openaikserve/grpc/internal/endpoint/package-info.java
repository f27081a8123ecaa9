/** Targets, and the endpoints that they name: fixed addresses, a name in DNS, or a registry. */
@NullMarked
package io.github.openaikserve.grpc.internal.endpoint;

import org.jspecify.annotations.NullMarked;
