package io.github.openaikserve.openai;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a streamed function call. Immutable.
 *
 * @param index the index of the call in its choice, from 0
 * @param id present only on the first piece of a call
 * @param name present only on the first piece of a call
 * @param arguments the next piece of the arguments; empty on the first piece
 */
public record ChatCompletionMessageToolCallChunk(
    int index, @Nullable String id, @Nullable String name, String arguments) {}
