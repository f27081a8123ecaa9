package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.internal.answer.batch.PieceSink;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A sink that passes pieces to a sink of events, and writes them as server-sent events. */
public final class PieceSseSink implements PieceSink {
  private final SseBuffer buffer;
  private final StreamedResponse response;
  private final PieceSink events;

  /**
   * Creates a sink.
   *
   * @param events creates the sink that emits events, as JSON
   */
  public PieceSseSink(
      Function<Consumer<byte[]>, PieceSink> events,
      StreamedResponse response,
      Consumer<? super ByteBuffer> output) {
    this.buffer = new SseBuffer(output);
    this.response = response;
    this.events = events.apply(buffer::event);
  }

  @Override
  public void next(BatchOutput piece) {
    events.next(piece);
    buffer.flushIfLarge();
  }

  @Override
  public void complete(Usage usage) {
    events.complete(usage);
    buffer.flush();
  }

  @Override
  public @Nullable Throwable fail(Throwable failure) {
    response.log(failure);
    buffer.event("error", ErrorResponses.error(failure).json());
    buffer.flush();
    return response.signal(failure);
  }

  @Override
  public void flush() {
    buffer.flush();
  }

  @Override
  public void idle() {
    buffer.keepAlive();
    buffer.flush();
  }

  @Override
  public void terminated() {
    response.terminated();
  }
}
