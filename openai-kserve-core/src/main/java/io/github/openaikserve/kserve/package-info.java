/**
 * The messages of the Open Inference Protocol (KServe v2) as immutable values.
 *
 * <p>Contains tensors, requests, responses and metadata. This package does not depend on a
 * transport, on protobuf or on the meaning of tensor names. Start with {@link
 * io.github.openaikserve.kserve.Tensor}.
 */
@NullMarked
package io.github.openaikserve.kserve;

import org.jspecify.annotations.NullMarked;
