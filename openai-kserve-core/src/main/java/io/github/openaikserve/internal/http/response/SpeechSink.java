package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.dialect.AudioData;
import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.internal.answer.batch.PieceSink;
import io.github.openaikserve.internal.json.write.AudioWriter;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A sink that emits audio as it arrives. */
public final class SpeechSink implements PieceSink {
  private final byte[] header;
  private final Consumer<ByteBuffer> audio;
  private final Consumer<Usage> end;
  private final Consumer<Throwable> failures;
  private boolean begun;

  private SpeechSink(
      byte[] header,
      Consumer<ByteBuffer> audio,
      Consumer<Usage> end,
      Consumer<Throwable> failures) {
    this.header = header;
    this.audio = audio;
    this.end = end;
    this.failures = failures;
  }

  /**
   * Returns a sink that emits bytes.
   *
   * @param header the bytes that precede the audio
   * @param response logs a failure
   */
  public static SpeechSink bytes(
      byte[] header, StreamedResponse response, Consumer<? super ByteBuffer> output) {
    return new SpeechSink(
        header, audio -> output.accept(audio.duplicate()), usage -> {}, response::log);
  }

  /**
   * Returns a sink that emits events.
   *
   * @param header the bytes that precede the audio
   * @param events receives the JSON of each event
   */
  public static SpeechSink events(byte[] header, Consumer<byte[]> events) {
    return new SpeechSink(
        header,
        audio -> events.accept(AudioWriter.delta(audio)),
        usage -> events.accept(AudioWriter.done(usage.promptTokens())),
        failure -> {});
  }

  @Override
  public void next(BatchOutput piece) {
    if (!begun) {
      begun = true;
      emit(ByteBuffer.wrap(header));
    }
    emit(((AudioData) piece).bytes());
  }

  private void emit(ByteBuffer bytes) {
    if (bytes.hasRemaining()) {
      audio.accept(bytes);
    }
  }

  @Override
  public void complete(Usage usage) {
    end.accept(usage);
  }

  /**
   * Returns the failure to signal. A body of audio cannot carry an error, so it fails; otherwise
   * clients would treat the audio as complete.
   */
  @Override
  public Throwable fail(Throwable failure) {
    failures.accept(failure);
    return failure;
  }
}
