package io.github.openaikserve.internal.http;

import io.github.openaikserve.dialect.AudioData;
import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.internal.answer.PieceSink;
import io.github.openaikserve.internal.json.write.AudioWriter;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A sink that writes audio as it arrives, as bytes or as server-sent events. */
final class SpeechSink implements PieceSink {
  private static final String ERROR = "error";

  private final byte[] header;
  private final boolean events;
  private final SseEnd end;
  private final Consumer<? super ByteBuffer> output;
  private final SseBuffer buffer;
  private boolean begun;

  /**
   * Creates a sink.
   *
   * @param header the bytes that precede the audio
   * @param events whether server-sent events are written
   */
  SpeechSink(byte[] header, boolean events, SseEnd end, Consumer<? super ByteBuffer> output) {
    this.header = header;
    this.events = events;
    this.end = end;
    this.output = output;
    this.buffer = new SseBuffer(output);
  }

  /** Writes a failure as an event, and returns the failure to signal. */
  static @Nullable Throwable failed(Throwable failure, SseBuffer buffer, SseEnd end) {
    end.log().failed(failure);
    buffer.event(ERROR, ErrorResponses.error(failure).json());
    buffer.flush();
    return end.abortsFailed() ? failure : null;
  }

  @Override
  public void next(BatchOutput piece) {
    if (!begun) {
      begun = true;
      emit(ByteBuffer.wrap(header));
    }
    emit(((AudioData) piece).bytes());
  }

  private void emit(ByteBuffer audio) {
    if (!audio.hasRemaining()) {
      return;
    }
    if (events) {
      buffer.event(AudioWriter.delta(audio));
      buffer.flushIfLarge();
    } else {
      output.accept(audio.duplicate());
    }
  }

  @Override
  public void complete(Usage usage) {
    if (events) {
      buffer.event(AudioWriter.done(usage.promptTokens()));
      buffer.flush();
    }
  }

  /**
   * Returns the failure to signal. A body of audio cannot carry an error, so it fails; otherwise
   * clients would treat the audio as complete.
   */
  @Override
  public @Nullable Throwable fail(Throwable failure) {
    if (events) {
      return failed(failure, buffer, end);
    }
    end.log().failed(failure);
    return failure;
  }

  @Override
  public void flush() {
    buffer.flush();
  }

  @Override
  public void idle() {
    if (events) {
      buffer.keepAlive();
      buffer.flush();
    }
  }

  @Override
  public void terminated() {
    end.onTerminated().run();
  }
}
