package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.internal.json.JsonWriter;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A writer of the items of a response and of its input. */
public final class ResponseItemWriter {
  private ResponseItemWriter() {}

  /** Writes an item of a response or of its input. */
  public static byte[] write(ResponseItem item) {
    return JsonWriter.write(json -> write(json, item));
  }

  /** Writes an item to store with an id, and as completed unless it has another status. */
  public static byte[] write(ResponseItem item, String id) {
    return JsonWriter.write(json -> write(json, item, id, ResponseItem.COMPLETED));
  }

  static void write(JsonWriter json, ResponseItem item) {
    write(json, item, item.id(), null);
  }

  private static void write(
      JsonWriter json, ResponseItem item, @Nullable String id, @Nullable String status) {
    if (item instanceof Other other) {
      Map<String, @Nullable Object> value = new LinkedHashMap<>(other.value());
      if (id != null) {
        value.put("id", id);
      }
      json.fields(value);
      return;
    }
    json.optional("id", id).field("type", item.type());
    if (item instanceof Message message) {
      json.optional("status", message.status() == null ? status : message.status())
          .field("role", message.role())
          .optional("phase", message.phase());
      json.objects("content", message.content(), ResponseItemWriter::write);
    } else if (item instanceof FunctionCall call) {
      json.optional("status", call.status() == null ? status : call.status());
      call(json, call.callId(), call.namespace(), call.name()).field("arguments", call.arguments());
    } else if (item instanceof CustomToolCall call) {
      json.optional("status", call.status() == null ? status : call.status());
      call(json, call.callId(), call.namespace(), call.name()).field("input", call.input());
    } else if (item instanceof CallOutput output) {
      json.optional("status", output.status() == null ? status : output.status())
          .field("call_id", output.callId());
      output(json, output.output());
    } else if (item instanceof ToolOutput output) {
      json.optional("status", output.status() == null ? status : output.status())
          .optional("namespace", output.namespace())
          .optional("name", output.name());
      output(json, output.output());
    } else if (item instanceof Reasoning reasoning) {
      reasoning(json, reasoning);
    } else if (!(item instanceof ItemReference)) {
      throw new IllegalStateException("unexpected item type " + item.type());
    }
  }

  private static JsonWriter call(
      JsonWriter json, String callId, @Nullable String namespace, String name) {
    return json.field("call_id", callId).optional("namespace", namespace).field("name", name);
  }

  /** Writes a single text as a string, because not every client reads parts there. */
  private static void output(JsonWriter json, List<ResponseContent> output) {
    if (output.size() == 1 && output.get(0) instanceof ResponseContent.InputText only) {
      json.field("output", only.text());
    } else {
      json.objects("output", output, ResponseItemWriter::write);
    }
  }

  private static void reasoning(JsonWriter json, Reasoning reasoning) {
    json.optional("status", reasoning.status());
    texts(json, "summary", "summary_text", reasoning.summary());
    if (!reasoning.content().isEmpty()) {
      texts(json, "content", "reasoning_text", reasoning.content());
    }
    json.optional("encrypted_content", reasoning.encryptedContent());
  }

  private static void texts(JsonWriter json, String name, String type, List<String> texts) {
    json.objects(name, texts, (part, text) -> part.field("type", type).field("text", text));
  }

  static void write(JsonWriter json, ResponseContent part) {
    json.field("type", part.type());
    if (part instanceof ResponseContent.InputText text) {
      json.field("text", text.text());
    } else if (part instanceof ResponseContent.OutputText text) {
      json.field("text", text.text()).field("annotations", List.of());
      LogprobsWriter.tokens(json, "logprobs", text.logprobs());
    } else if (part instanceof ResponseContent.Refusal refusal) {
      json.field("refusal", refusal.refusal());
    } else {
      json.fields(((ResponseContent.InputMedia) part).value());
    }
  }
}
