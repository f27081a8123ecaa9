package io.github.openaikserve.internal.http;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.internal.answer.PieceSink;
import io.github.openaikserve.internal.answer.TranscriptSink;
import io.github.openaikserve.internal.json.write.AudioWriter;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A sink that writes the events of a transcript as server-sent events. */
final class TranscriptSseSink implements PieceSink {
  private final SseBuffer buffer;
  private final SseEnd end;
  private final TranscriptSink events;

  TranscriptSseSink(Route route, SseEnd end, Consumer<? super ByteBuffer> output) {
    this.buffer = new SseBuffer(output);
    this.end = end;
    this.events = new TranscriptSink(route, event -> buffer.event(AudioWriter.write(event)));
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
    return SpeechSink.failed(failure, buffer, end);
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
    end.onTerminated().run();
  }
}
