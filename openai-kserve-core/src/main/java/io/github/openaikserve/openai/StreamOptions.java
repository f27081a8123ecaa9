package io.github.openaikserve.openai;

import org.jspecify.annotations.Nullable;

/**
 * The options of a stream. Immutable.
 *
 * @param includeUsage whether the stream ends with a chunk that contains the usage; null means
 *     false
 */
public record StreamOptions(@Nullable Boolean includeUsage) {}
