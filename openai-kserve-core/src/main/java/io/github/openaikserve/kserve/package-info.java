/**
 * The messages of the Open Inference Protocol (KServe v2) as plain values.
 *
 * <p>Here live tensors, requests, responses and metadata. No transport, no protobuf and no meaning
 * of a tensor's name ever does. Begin with {@link io.github.openaikserve.kserve.Tensor}.
 */
@NullMarked
package io.github.openaikserve.kserve;

import org.jspecify.annotations.NullMarked;
