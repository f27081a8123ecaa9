package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.AudioData;
import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.internal.answer.text.TextBudget;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.batch.SpeechInputs;
import io.github.openaikserve.openai.audio.CreateSpeechRequest;
import io.github.openaikserve.openai.audio.Speech;
import io.github.openaikserve.openai.audio.SpeechFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;

/** The form of speech answers. */
public final class SpeechForm {
  /** The maximum size of the audio of one answer in bytes. */
  private static final long MAX_AUDIO = 64 << 20;

  private SpeechForm() {}

  static BatchForm<Speech> of(CreateSpeechRequest request) {
    var inputs = new SpeechInputs(request);
    return new BatchForm<>(
        inputs,
        route -> {
          var budget = new TextBudget(MAX_AUDIO, "audio");
          return output -> budget.spend(((AudioData) output).bytes().remaining());
        },
        (route, outputs, head, usage) ->
            new Speech(
                audio(route, inputs.format(route), outputs),
                inputs.format(route),
                head.droppedParams()),
        true);
  }

  private static ByteBuffer audio(Route route, SpeechFormat format, List<BatchOutput> outputs) {
    int size = outputs.stream().mapToInt(each -> ((AudioData) each).bytes().remaining()).sum();
    byte[] header = header(route, format, size);
    ByteBuffer audio = ByteBuffer.allocate(header.length + size).put(header);
    outputs.forEach(each -> audio.put(((AudioData) each).bytes().duplicate()));
    return audio.flip();
  }

  /**
   * Returns the header that precedes the audio of a model.
   *
   * @param size the size of the audio in bytes; negative if unknown
   */
  public static byte[] header(Route route, SpeechFormat format, int size) {
    OptionalInt rate = route.requireDialect(RequestKind.SPEECH).sampleRate();
    return rate.isPresent() && format == SpeechFormat.WAV
        ? WavHeader.of(rate.getAsInt(), size)
        : new byte[0];
  }
}
