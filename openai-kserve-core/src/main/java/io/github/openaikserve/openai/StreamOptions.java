package io.github.openaikserve.openai;

import org.jspecify.annotations.Nullable;

/**
 * The options of a stream. Immutable.
 *
 * @param includeUsage whether the stream ends with a chunk with the usage; null for no
 */
public record StreamOptions(@Nullable Boolean includeUsage) {}
