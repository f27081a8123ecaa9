package io.github.openaikserve.internal.answer;

import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The sink factories of one kind of answer. Immutable.
 *
 * @param idPrefix the first part of the answer's id
 * @param chunks creates the sink of a stream of chunks
 * @param whole creates the sink of a whole answer
 * @param <C> a chunk
 * @param <A> a whole answer
 */
public record AnswerKind<C, A>(
    String idPrefix,
    BiFunction<AnswerMetadata, Consumer<? super C>, ? extends AnswerSink> chunks,
    BiFunction<AnswerMetadata, Consumer<? super A>, ? extends AnswerSink> whole) {
  static final AnswerKind<ChatCompletionChunk, ChatCompletion> CHAT =
      new AnswerKind<ChatCompletionChunk, ChatCompletion>(
          "chatcmpl-", ChatChunkSink::new, Accumulator::chat);
  static final AnswerKind<Completion, Completion> COMPLETION =
      new AnswerKind<Completion, Completion>(
          "cmpl-", CompletionChunkSink::new, Accumulator::completion);
}
