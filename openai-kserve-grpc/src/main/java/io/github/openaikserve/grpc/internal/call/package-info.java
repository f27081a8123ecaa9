/** Calls: an inference as a publisher of its responses, and unary calls about a server. */
@NullMarked
package io.github.openaikserve.grpc.internal.call;

import org.jspecify.annotations.NullMarked;
