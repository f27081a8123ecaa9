package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.flow.Pipe;
import io.github.openaikserve.internal.flow.Translator;

/**
 * The chunks of a call that has not been made. Used once.
 *
 * @param <C> a chunk
 */
interface Chunks<C> {
  /** The chunks as they are. */
  Pipe<?, C> pipe();

  /** The chunks, each passed through one more step. */
  <O> Pipe<?, O> pipe(Translator<? super C, O> then);

  /** Chunks that come out of a source. */
  static <C> Chunks<C> of(Source<?, C> source) {
    return new Chunks<>() {
      @Override
      public Pipe<?, C> pipe() {
        return source.pipe();
      }

      @Override
      public <O> Pipe<?, O> pipe(Translator<? super C, O> then) {
        return source.andThen(then).pipe();
      }
    };
  }

  /** Chunks that a writer makes of events; those of plain text only for whom they are wanted. */
  static <C> Chunks<C> of(Source<?, ChoiceEvent> events, ChunkWriter<C> writer) {
    return new Written<>(events, writer);
  }

  /** What a writer makes of events. */
  record Written<I, C>(Source<I, ChoiceEvent> events, ChunkWriter<C> writer) implements Chunks<C> {
    @Override
    public Pipe<?, C> pipe() {
      return events.andThen(writer).pipe();
    }

    @Override
    public <O> Pipe<?, O> pipe(Translator<? super C, O> then) {
      if (!(then instanceof TextStep<? super C, O> step)) {
        return events.andThen(writer).andThen(then).pipe();
      }
      Source<I, O> all = events.andThen(new TextShortcut<>(writer, step));
      GenerationDecoder first = events.plain();
      return first == null
          ? all.pipe()
          : new Pipe<>(all.publisher(), new StraightText<>(first, writer, step, all.steps()));
    }
  }
}
