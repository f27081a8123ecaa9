package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.internal.json.JsonWriter;
import io.github.openaikserve.openai.audio.Transcription;
import io.github.openaikserve.openai.audio.TranscriptionStreamEvent;
import java.nio.ByteBuffer;

/** A writer of transcriptions and audio events. */
public final class AudioWriter {
  private AudioWriter() {}

  /** Writes a transcription. */
  public static byte[] write(Transcription answer) {
    Double duration = answer.duration();
    return JsonWriter.write(
        json -> {
          json.field("text", answer.text());
          if (duration != null) {
            json.object(
                "usage",
                usage ->
                    usage.field("type", "duration").field("seconds", (long) Math.ceil(duration)));
          }
        });
  }

  /**
   * Writes a transcription in the verbose format, with all data that the server reports. Unreported
   * data is omitted.
   *
   * @param translated whether its text is a translation
   */
  public static byte[] writeVerbose(Transcription answer, boolean translated) {
    return JsonWriter.write(
        json -> {
          json.field("task", translated ? "translate" : "transcribe")
              .optional("language", answer.language())
              .optional("duration", answer.duration())
              .field("text", answer.text());
          if (!answer.segments().isEmpty()) {
            json.objects("segments", answer.segments(), AudioWriter::write);
          }
          if (!answer.words().isEmpty()) {
            json.objects("words", answer.words(), AudioWriter::write);
          }
        });
  }

  private static void write(JsonWriter json, Transcription.Segment segment) {
    json.field("id", segment.id())
        .field("start", segment.start())
        .field("end", segment.end())
        .field("text", segment.text());
  }

  private static void write(JsonWriter json, Transcription.Word word) {
    json.field("word", word.word()).field("start", word.start()).field("end", word.end());
  }

  /** Writes an event of a streamed transcription. */
  public static byte[] write(TranscriptionStreamEvent event) {
    return JsonWriter.write(
        json -> {
          json.field("type", event.type());
          if (event instanceof TranscriptionStreamEvent.Delta delta) {
            json.field("delta", delta.delta());
          } else if (event instanceof TranscriptionStreamEvent.Done done) {
            json.field("text", done.text());
          }
        });
  }

  /** Writes an event with more audio. */
  public static byte[] delta(ByteBuffer audio) {
    return JsonWriter.write(
        json -> json.field("type", "speech.audio.delta").base64("audio", audio));
  }

  /** Writes the event at the end of the audio. */
  public static byte[] done(int inputTokens) {
    return JsonWriter.write(
        json ->
            json.field("type", "speech.audio.done")
                .object(
                    "usage",
                    usage ->
                        usage
                            .field("input_tokens", inputTokens)
                            .field("output_tokens", 0)
                            .field("total_tokens", inputTokens)));
  }
}
