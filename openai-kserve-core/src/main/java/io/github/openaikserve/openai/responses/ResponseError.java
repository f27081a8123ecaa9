package io.github.openaikserve.openai.responses;

/**
 * The failure of a response. Immutable.
 *
 * @param code the error code, such as {@code server_error} or {@code context_length_exceeded}
 */
public record ResponseError(String code, String message) {}
