package io.github.openaikserve.internal.json;

import static io.github.openaikserve.internal.json.AnswerWriter.text;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.ContentPart;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Failure;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Field;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.OutputItem;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Snapshot;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.SummaryPart;
import io.github.openaikserve.openai.responses.ResponseStreamEvent.Text;
import java.io.IOException;

/** A writer of the events of a streamed response. The sequence number is the last field. */
final class ResponseEventWriter {
  private ResponseEventWriter() {}

  static void write(JsonGenerator json, ResponseStreamEvent event) throws IOException {
    json.writeStartObject();
    text(json, "type", event.type());
    if (event instanceof Text text) {
      write(json, text);
    } else if (event instanceof Snapshot snapshot) {
      json.writeFieldName("response");
      ResponseWriter.write(json, snapshot.response());
    } else if (event instanceof OutputItem item) {
      json.writeNumberField("output_index", item.outputIndex());
      json.writeFieldName("item");
      ResponseItemWriter.write(json, item.item());
    } else if (event instanceof ContentPart part) {
      place(json, part.itemId(), part.outputIndex());
      json.writeNumberField("content_index", part.contentIndex());
      json.writeFieldName("part");
      ResponseItemWriter.write(json, part.part());
    } else if (event instanceof SummaryPart part) {
      place(json, part.itemId(), part.outputIndex());
      json.writeNumberField("summary_index", part.summaryIndex());
      json.writeFieldName("part");
      ResponseItemWriter.part(json, "summary_text", part.summary());
    } else if (event instanceof Failure failure) {
      text(json, "code", failure.code());
      text(json, "message", failure.message());
      text(json, "param", failure.param());
    }
    json.writeNumberField("sequence_number", event.sequenceNumber());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Text text) throws IOException {
    Field field = text.field();
    place(json, text.itemId(), text.outputIndex());
    if (field.indexName() != null) {
      json.writeNumberField(field.indexName(), 0);
    }
    if (text.name() != null) {
      text(json, "name", text.name());
    }
    text(json, text.done() ? field.wholeName() : "delta", text.value());
    if (field == Field.OUTPUT_TEXT) {
      LogprobsWriter.tokens(json, "logprobs", text.logprobs());
    }
  }

  private static void place(JsonGenerator json, String itemId, int outputIndex) throws IOException {
    text(json, "item_id", itemId);
    json.writeNumberField("output_index", outputIndex);
  }
}
