/**
 * An {@link io.github.openaikserve.backend.InferenceBackend} over KServe v2 gRPC.
 *
 * <p>A plain transport: one {@link io.github.openaikserve.grpc.GrpcBackend} is one endpoint and its
 * connections. Names in DNS and AnyServe's registry are sources of endpoints; balancing, health
 * checks and retries are those of {@link io.github.openaikserve.resilience.BalancedBackend}.
 *
 * <p>All code that depends on gRPC or protobuf is here. OpenAI's objects and the meaning of tensor
 * names are not. Start with {@link io.github.openaikserve.grpc.GrpcBackend#connect}.
 */
@NullMarked
package io.github.openaikserve.grpc;

import org.jspecify.annotations.NullMarked;
