package io.github.openaikserve.kserve;

/**
 * A model in a server's repository. Immutable.
 *
 * <p>Source: {@code triton-inference-server/common}: {@code protobuf/grpc_service.proto}.
 *
 * @param version may be empty
 * @param state the server's word, such as {@code READY}
 * @param reason why it is in that state; may be empty
 */
public record RepositoryModel(String name, String version, String state, String reason) {}
