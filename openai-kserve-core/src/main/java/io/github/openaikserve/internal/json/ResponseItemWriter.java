package io.github.openaikserve.internal.json;

import static io.github.openaikserve.internal.json.AnswerWriter.text;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.openaikserve.openai.responses.ResponseContent;
import io.github.openaikserve.openai.responses.ResponseItem;
import io.github.openaikserve.openai.responses.ResponseItem.CallOutput;
import io.github.openaikserve.openai.responses.ResponseItem.CustomToolCall;
import io.github.openaikserve.openai.responses.ResponseItem.FunctionCall;
import io.github.openaikserve.openai.responses.ResponseItem.ItemReference;
import io.github.openaikserve.openai.responses.ResponseItem.Message;
import io.github.openaikserve.openai.responses.ResponseItem.Other;
import io.github.openaikserve.openai.responses.ResponseItem.Reasoning;
import io.github.openaikserve.openai.responses.ResponseItem.ToolOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A writer of the items of a response and of its input. */
final class ResponseItemWriter {
  private ResponseItemWriter() {}

  static void write(JsonGenerator json, ResponseItem item) throws IOException {
    if (item instanceof Other other) {
      JsonValues.write(json, other.value());
      return;
    }
    json.writeStartObject();
    optional(json, "id", item.id());
    text(json, "type", item.type());
    if (item instanceof Message message) {
      message(json, message);
    } else if (item instanceof FunctionCall call) {
      optional(json, "status", call.status());
      call(json, call.callId(), call.namespace(), call.name());
      text(json, "arguments", call.arguments());
    } else if (item instanceof CustomToolCall call) {
      optional(json, "status", call.status());
      call(json, call.callId(), call.namespace(), call.name());
      text(json, "input", call.input());
    } else if (item instanceof CallOutput output) {
      optional(json, "status", output.status());
      text(json, "call_id", output.callId());
      output(json, output.output());
    } else if (item instanceof ToolOutput output) {
      optional(json, "status", output.status());
      optional(json, "namespace", output.namespace());
      optional(json, "name", output.name());
      output(json, output.output());
    } else if (item instanceof Reasoning reasoning) {
      reasoning(json, reasoning);
    } else if (!(item instanceof ItemReference)) {
      throw new IllegalStateException("unexpected item type " + item.type());
    }
    json.writeEndObject();
  }

  private static void message(JsonGenerator json, Message message) throws IOException {
    optional(json, "status", message.status());
    text(json, "role", message.role());
    optional(json, "phase", message.phase());
    parts(json, "content", message.content());
  }

  private static void call(
      JsonGenerator json, String callId, @Nullable String namespace, String name)
      throws IOException {
    text(json, "call_id", callId);
    optional(json, "namespace", namespace);
    text(json, "name", name);
  }

  /** Writes a single text as a string, because not every client reads parts there. */
  private static void output(JsonGenerator json, List<ResponseContent> output) throws IOException {
    if (output.size() == 1 && output.get(0) instanceof ResponseContent.InputText only) {
      text(json, "output", only.text());
    } else {
      parts(json, "output", output);
    }
  }

  private static void reasoning(JsonGenerator json, Reasoning reasoning) throws IOException {
    optional(json, "status", reasoning.status());
    texts(json, "summary", "summary_text", reasoning.summary());
    if (!reasoning.content().isEmpty()) {
      texts(json, "content", "reasoning_text", reasoning.content());
    }
    optional(json, "encrypted_content", reasoning.encryptedContent());
  }

  private static void texts(JsonGenerator json, String name, String type, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      part(json, type, text);
    }
    json.writeEndArray();
  }

  /** Writes a part with a text only. */
  static void part(JsonGenerator json, String type, String text) throws IOException {
    json.writeStartObject();
    text(json, "type", type);
    text(json, "text", text);
    json.writeEndObject();
  }

  private static void parts(JsonGenerator json, String name, List<ResponseContent> parts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (ResponseContent part : parts) {
      write(json, part);
    }
    json.writeEndArray();
  }

  static void write(JsonGenerator json, ResponseContent part) throws IOException {
    json.writeStartObject();
    text(json, "type", part.type());
    if (part instanceof ResponseContent.InputText text) {
      text(json, "text", text.text());
    } else if (part instanceof ResponseContent.OutputText text) {
      text(json, "text", text.text());
      json.writeArrayFieldStart("annotations");
      json.writeEndArray();
      LogprobsWriter.tokens(json, "logprobs", text.logprobs());
    } else if (part instanceof ResponseContent.Refusal refusal) {
      text(json, "refusal", refusal.refusal());
    } else {
      for (Map.Entry<String, @Nullable Object> field :
          ((ResponseContent.InputMedia) part).value().entrySet()) {
        json.writeFieldName(JsonWriter.characters(field.getKey()));
        JsonValues.write(json, field.getValue());
      }
    }
    json.writeEndObject();
  }

  private static void optional(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      text(json, name, value);
    }
  }
}
