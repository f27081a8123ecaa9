package io.github.openaikserve.openai;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a streamed tool call. Immutable.
 *
 * @param index the index of the tool call in its choice, from 0
 * @param id present only in the first piece of a tool call
 * @param type {@code function} or {@code custom}
 * @param name present only in the first piece of a tool call
 * @param arguments for a function, the next piece of the arguments, empty in the first piece; for a
 *     custom tool, whose call has one piece, its input
 */
public record ChatCompletionMessageToolCallChunk(
    int index, @Nullable String id, String type, @Nullable String name, String arguments) {
  /** Creates a piece of a function call. */
  public ChatCompletionMessageToolCallChunk(
      int index, @Nullable String id, @Nullable String name, String arguments) {
    this(index, id, "function", name, arguments);
  }
}
