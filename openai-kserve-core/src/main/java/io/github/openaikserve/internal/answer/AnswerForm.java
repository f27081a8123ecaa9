package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.openai.Completion;
import java.util.function.Consumer;

/**
 * The form of an answer made of generated text: its id and its sinks.
 *
 * @param <C> a chunk of a streamed answer
 * @param <A> a whole answer
 */
public interface AnswerForm<C, A> {
  /** The form of a text completion. */
  AnswerForm<Completion, Completion> COMPLETION =
      new AnswerForm<>() {
        @Override
        public String idPrefix() {
          return "cmpl-";
        }

        @Override
        public AnswerSink chunks(AnswerMetadata head, Consumer<? super Completion> output) {
          return new CompletionChunkSink(head, output);
        }

        @Override
        public AnswerSink whole(AnswerMetadata head, Consumer<? super Completion> output) {
          return Accumulator.completion(head, output);
        }
      };

  /** Returns the first part of the answer's id. */
  String idPrefix();

  /** Returns a sink that emits the chunks of a streamed answer. */
  AnswerSink chunks(AnswerMetadata head, Consumer<? super C> output);

  /** Returns a sink that emits the whole answer. */
  AnswerSink whole(AnswerMetadata head, Consumer<? super A> output);
}
