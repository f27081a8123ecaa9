package io.github.openaikserve.openai.responses;

/**
 * Why a response failed. Immutable.
 *
 * @param code such as {@code server_error} or {@code context_length_exceeded}
 */
public record ResponseError(String code, String message) {}
