package io.github.openaikserve.openai;

import org.jspecify.annotations.Nullable;

/**
 * How a stream is to be sent. Immutable.
 *
 * @param includeUsage whether a last chunk with the usage is wanted; null is no
 */
public record StreamOptions(@Nullable Boolean includeUsage) {}
