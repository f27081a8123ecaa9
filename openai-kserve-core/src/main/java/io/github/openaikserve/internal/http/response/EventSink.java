package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sink that passes an answer to a sink of events, and writes its events as server-sent events.
 * Subclasses write text with templates, because the events of a text differ only in the text.
 * Events that are ready at the same time are emitted in one buffer. Not thread-safe.
 *
 * @param <E> an event
 * @param <S> the sink of events
 */
abstract class EventSink<E, S extends AnswerSink> implements AnswerSink {
  final SseBuffer buffer;
  final StreamedResponse response;
  final S events;

  /**
   * Creates a sink.
   *
   * @param events creates the sink that emits events
   */
  EventSink(
      Function<Consumer<E>, S> events,
      StreamedResponse response,
      Consumer<? super ByteBuffer> output) {
    this.buffer = new SseBuffer(output);
    this.response = response;
    this.events = events.apply(this::emit);
  }

  private void emit(E event) {
    write(event);
    buffer.flushIfLarge();
  }

  /** Writes an event into the buffer. */
  abstract void write(E event);

  @Override
  public void toolCall(int choice, int index, String id, String name) {
    events.toolCall(choice, index, id, name);
  }

  @Override
  public void arguments(int choice, int index, String piece) {
    events.arguments(choice, index, piece);
  }

  @Override
  public void customCall(int choice, int index, String id, String name, String input) {
    events.customCall(choice, index, id, name, input);
  }

  @Override
  public boolean keepsCutCalls() {
    return events.keepsCutCalls();
  }

  @Override
  public void cutCall(int choice) {
    events.cutCall(choice);
  }

  @Override
  public void stopSequence(int choice, String sequence) {
    events.stopSequence(choice, sequence);
  }

  @Override
  public void finish(int choice, FinishReason reason) {
    events.finish(choice, reason);
  }

  @Override
  public @Nullable CompletableFuture<?> completing(CompletionUsage usage) {
    return events.completing(usage);
  }

  @Override
  public void complete(CompletionUsage usage) {
    events.complete(usage);
    flush();
  }

  @Override
  public final @Nullable Throwable fail(Throwable failure) {
    response.log(failure);
    writeFailure(failure);
    flush();
    return response.signal(failure);
  }

  /** Writes the events of a failure, after which the stream ends. */
  void writeFailure(Throwable failure) {
    buffer.event("error", ErrorResponses.error(failure).json());
  }

  @Override
  public final void flush() {
    buffer.flush();
  }

  @Override
  public void idle() {
    buffer.keepAlive();
    flush();
  }

  @Override
  public final void terminated() {
    response.terminated();
  }
}
