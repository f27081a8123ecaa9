package io.github.openaikserve.kserve;

/**
 * A model in a server's repository. Immutable.
 *
 * <p>Source: {@code triton-inference-server/common}: {@code protobuf/grpc_service.proto}.
 *
 * @param version may be empty
 * @param state the state that the server reports, such as {@code READY}
 * @param reason the reason for the state; may be empty
 */
public record RepositoryIndexEntry(String name, String version, String state, String reason) {}
