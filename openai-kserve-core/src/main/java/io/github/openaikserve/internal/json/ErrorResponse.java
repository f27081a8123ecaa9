package io.github.openaikserve.internal.json;

import org.jspecify.annotations.Nullable;

/**
 * OpenAI's error object. Immutable.
 *
 * @param code the error code, never a number; null for none
 * @param param the invalid field of the request; null for none
 */
public record ErrorResponse(
    String message, String type, @Nullable String param, @Nullable String code) {}
