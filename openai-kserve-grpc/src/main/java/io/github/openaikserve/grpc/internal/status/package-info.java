/** The status that ends a call: its origin, and the exception that callers receive. */
@NullMarked
package io.github.openaikserve.grpc.internal.status;

import org.jspecify.annotations.NullMarked;
