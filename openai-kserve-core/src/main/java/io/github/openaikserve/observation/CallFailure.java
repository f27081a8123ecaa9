package io.github.openaikserve.observation;

import org.jspecify.annotations.Nullable;

/**
 * How a call failed, without the words of it. Immutable.
 *
 * @param status the HTTP status that fits, 400 to 599
 * @param type OpenAI's word for the kind of error, such as {@code server_error}
 * @param code a word that programs may compare, such as {@code deadline_exceeded}
 */
public record CallFailure(int status, String type, @Nullable String code) {}
