package io.github.openaikserve.openai;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a streamed call of a tool. Immutable.
 *
 * @param index the index of the call in its choice, from 0
 * @param id present only on the first piece of a call
 * @param type {@code function} or {@code custom}
 * @param name present only on the first piece of a call
 * @param arguments of a function: the next piece of the arguments, empty on the first piece; of a
 *     custom tool, whose call has one piece: its input
 */
public record ChatCompletionMessageToolCallChunk(
    int index, @Nullable String id, String type, @Nullable String name, String arguments) {
  /** Creates a piece of a call of a function. */
  public ChatCompletionMessageToolCallChunk(
      int index, @Nullable String id, @Nullable String name, String arguments) {
    this(index, id, "function", name, arguments);
  }
}
