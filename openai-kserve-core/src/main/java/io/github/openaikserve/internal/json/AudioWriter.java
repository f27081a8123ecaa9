package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.openaikserve.openai.audio.Transcription;
import io.github.openaikserve.openai.audio.TranscriptionStreamEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;

/** A writer of transcriptions and audio events. */
final class AudioWriter {
  private AudioWriter() {}

  static void write(JsonGenerator json, Transcription answer) throws IOException {
    json.writeStartObject();
    AnswerWriter.text(json, "text", answer.text());
    Double duration = answer.duration();
    if (duration != null) {
      json.writeObjectFieldStart("usage");
      json.writeStringField("type", "duration");
      json.writeNumberField("seconds", (long) Math.ceil(duration));
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** Writes all data that the server reports. Unreported data is omitted. */
  static void verbose(JsonGenerator json, Transcription answer, boolean translated)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("task", translated ? "translate" : "transcribe");
    if (answer.language() != null) {
      AnswerWriter.text(json, "language", answer.language());
    }
    if (answer.duration() != null) {
      json.writeNumberField("duration", answer.duration());
    }
    AnswerWriter.text(json, "text", answer.text());
    if (!answer.segments().isEmpty()) {
      json.writeArrayFieldStart("segments");
      for (Transcription.Segment segment : answer.segments()) {
        json.writeStartObject();
        json.writeNumberField("id", segment.id());
        json.writeNumberField("start", segment.start());
        json.writeNumberField("end", segment.end());
        AnswerWriter.text(json, "text", segment.text());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    if (!answer.words().isEmpty()) {
      json.writeArrayFieldStart("words");
      for (Transcription.Word word : answer.words()) {
        json.writeStartObject();
        AnswerWriter.text(json, "word", word.word());
        json.writeNumberField("start", word.start());
        json.writeNumberField("end", word.end());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  static void write(JsonGenerator json, TranscriptionStreamEvent event) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", event.type());
    if (event instanceof TranscriptionStreamEvent.Delta delta) {
      AnswerWriter.text(json, "delta", delta.delta());
    } else if (event instanceof TranscriptionStreamEvent.Done done) {
      AnswerWriter.text(json, "text", done.text());
    }
    json.writeEndObject();
  }

  /** Writes an event with more audio. */
  static void delta(JsonGenerator json, ByteBuffer audio) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "speech.audio.delta");
    json.writeFieldName("audio");
    ByteBuffer encoded = Base64.getEncoder().encode(audio.duplicate());
    json.writeRawUTF8String(encoded.array(), encoded.arrayOffset(), encoded.remaining());
    json.writeEndObject();
  }

  /** Writes the event at the end of the audio. */
  static void done(JsonGenerator json, int inputTokens) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "speech.audio.done");
    json.writeObjectFieldStart("usage");
    json.writeNumberField("input_tokens", inputTokens);
    json.writeNumberField("output_tokens", 0);
    json.writeNumberField("total_tokens", inputTokens);
    json.writeEndObject();
    json.writeEndObject();
  }
}
