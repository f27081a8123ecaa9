package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.internal.json.JsonWriter;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.ContentPart;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Failure;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Field;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.OutputItem;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Snapshot;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.SummaryPart;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Text;

/** A writer of the events of a streamed response. The sequence number is the last field. */
public final class ResponseEventWriter {
  private ResponseEventWriter() {}

  /** Writes an event. */
  public static byte[] write(ResponseStreamEvent event) {
    return JsonWriter.write(
        json -> {
          json.field("type", event.type());
          write(json, event);
          json.field("sequence_number", event.sequenceNumber());
        });
  }

  private static void write(JsonWriter json, ResponseStreamEvent event) {
    if (event instanceof Text text) {
      write(json, text);
    } else if (event instanceof Snapshot snapshot) {
      json.object("response", fields -> ResponseWriter.write(fields, snapshot.response()));
    } else if (event instanceof OutputItem item) {
      json.field("output_index", item.outputIndex())
          .object("item", fields -> ResponseItemWriter.write(fields, item.item()));
    } else if (event instanceof ContentPart part) {
      place(json, part.itemId(), part.outputIndex())
          .field("content_index", part.contentIndex())
          .object("part", fields -> ResponseItemWriter.write(fields, part.part()));
    } else if (event instanceof SummaryPart part) {
      place(json, part.itemId(), part.outputIndex())
          .field("summary_index", part.summaryIndex())
          .object(
              "part", fields -> fields.field("type", "summary_text").field("text", part.summary()));
    } else if (event instanceof Failure failure) {
      json.field("code", failure.code())
          .field("message", failure.message())
          .field("param", failure.param());
    }
  }

  private static void write(JsonWriter json, Text text) {
    Field field = text.field();
    place(json, text.itemId(), text.outputIndex());
    if (field.indexName() != null) {
      json.field(field.indexName(), 0);
    }
    json.optional("name", text.name())
        .field(text.done() ? field.wholeName() : "delta", text.value());
    if (field == Field.OUTPUT_TEXT) {
      LogprobsWriter.tokens(json, "logprobs", text.logprobs());
    }
  }

  private static JsonWriter place(JsonWriter json, String itemId, int outputIndex) {
    return json.field("item_id", itemId).field("output_index", outputIndex);
  }
}
