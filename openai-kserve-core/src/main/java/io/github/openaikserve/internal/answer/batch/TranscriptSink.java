package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.dialect.Transcript;
import io.github.openaikserve.internal.answer.text.Utf8Decoder;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import io.github.openaikserve.openai.audio.TranscriptionStreamEvent;
import java.util.function.Consumer;

/** A sink that converts the pieces of a transcript to events. */
public final class TranscriptSink implements PieceSink {
  private final Utf8Decoder characters;
  private final StringBuilder text = new StringBuilder();
  private final Consumer<? super TranscriptionStreamEvent> output;

  /** Creates a sink that emits to {@code output}. */
  public TranscriptSink(Route route, Consumer<? super TranscriptionStreamEvent> output) {
    this.characters = TranscriptionForm.characters(route);
    this.output = output;
  }

  @Override
  public void next(BatchOutput piece) {
    add(characters.next(((Transcript) piece).text()));
  }

  private void add(String more) {
    if (!more.isEmpty()) {
      text.append(more);
      output.accept(new TranscriptionStreamEvent.Delta(more));
    }
  }

  @Override
  public void complete(Usage usage) {
    add(characters.end());
    output.accept(new TranscriptionStreamEvent.Done(text.toString()));
  }
}
