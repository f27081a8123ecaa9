/**
 * The messages of the Open Inference Protocol (KServe v2) as plain values.
 *
 * <p>Contains tensors, requests, responses and metadata. Nothing in this package depends on a
 * transport, on protobuf or on the meaning of a tensor's name. Begin with {@link
 * io.github.openaikserve.kserve.Tensor}.
 */
@NullMarked
package io.github.openaikserve.kserve;

import org.jspecify.annotations.NullMarked;
