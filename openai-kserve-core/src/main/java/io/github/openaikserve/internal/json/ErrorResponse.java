package io.github.openaikserve.internal.json;

import org.jspecify.annotations.Nullable;

/**
 * OpenAI's error object. Immutable.
 *
 * @param code a word, never a number; null when there is none
 * @param param the request field at fault; null when there is none
 */
public record ErrorResponse(
    String message, String type, @Nullable String param, @Nullable String code) {}
