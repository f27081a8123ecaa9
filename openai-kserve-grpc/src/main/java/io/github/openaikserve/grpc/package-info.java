/**
 * An {@link io.github.openaikserve.backend.InferenceBackend} over KServe v2 gRPC.
 *
 * <p>Here lives everything that knows gRPC or protobuf. No OpenAI object and no meaning of a
 * tensor's name ever does. Begin with {@link io.github.openaikserve.grpc.GrpcBackend}.
 */
@NullMarked
package io.github.openaikserve.grpc;

import org.jspecify.annotations.NullMarked;
