package io.github.openaikserve.openai;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a streamed call of a function. Immutable.
 *
 * @param index which of the choice's calls, from 0
 * @param id on the first piece of a call; else null
 * @param name on the first piece of a call; else null
 * @param arguments what is added to the arguments; empty on the first piece
 */
public record ChatCompletionMessageToolCallChunk(
    int index, @Nullable String id, @Nullable String name, String arguments) {}
