package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.Embedding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * A writer of vectors directly from their bytes, because an answer may have millions of numbers.
 */
final class EmbeddingWriter {
  private EmbeddingWriter() {}

  static void write(JsonGenerator json, CreateEmbeddingResponse answer, boolean base64)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("object", "list");
    json.writeArrayFieldStart("data");
    for (Embedding embedding : answer.data()) {
      json.writeStartObject();
      json.writeStringField("object", "embedding");
      json.writeNumberField("index", embedding.index());
      json.writeFieldName("embedding");
      if (base64) {
        base64(json, embedding.bytes());
      } else {
        numbers(json, embedding.bytes());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    AnswerWriter.text(json, "model", answer.model());
    EncoderWriter.usage(json, answer.usage());
    json.writeEndObject();
  }

  private static void base64(JsonGenerator json, ByteBuffer vector) throws IOException {
    ByteBuffer encoded = Base64.getEncoder().encode(vector);
    json.writeRawUTF8String(encoded.array(), encoded.arrayOffset(), encoded.remaining());
  }

  private static void numbers(JsonGenerator json, ByteBuffer vector) throws IOException {
    json.writeStartArray();
    while (vector.hasRemaining()) {
      json.writeNumber(vector.getFloat());
    }
    json.writeEndArray();
  }
}
