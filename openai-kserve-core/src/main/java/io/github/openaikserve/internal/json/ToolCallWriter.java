package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionMessageToolCallChunk;
import java.io.IOException;
import java.util.List;

/**
 * A writer of tool calls. A tool call with an empty id is a legacy function call, written as {@code
 * function_call}.
 */
final class ToolCallWriter {
  private ToolCallWriter() {}

  static void write(JsonGenerator json, ChatCompletion.Message message) throws IOException {
    List<ChatCompletionMessageToolCall> calls = message.toolCalls();
    if (calls.isEmpty()) {
      return;
    }
    if (calls.get(0).id().isEmpty()) {
      json.writeFieldName("function_call");
      function(json, calls.get(0));
      return;
    }
    json.writeArrayFieldStart("tool_calls");
    for (ChatCompletionMessageToolCall call : calls) {
      json.writeStartObject();
      AnswerWriter.text(json, "id", call.id());
      AnswerWriter.text(json, "type", call.type());
      if (call.isCustom()) {
        custom(json, call.name(), call.arguments());
      } else {
        json.writeFieldName("function");
        function(json, call);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void custom(JsonGenerator json, String name, String input) throws IOException {
    json.writeObjectFieldStart("custom");
    AnswerWriter.text(json, "name", name);
    AnswerWriter.text(json, "input", input);
    json.writeEndObject();
  }

  private static void function(JsonGenerator json, ChatCompletionMessageToolCall call)
      throws IOException {
    json.writeStartObject();
    AnswerWriter.text(json, "name", call.name());
    AnswerWriter.text(json, "arguments", call.arguments());
    json.writeEndObject();
  }

  /**
   * Writes a piece of a tool call. Only the first piece has id, type and name, because SDKs depend
   * on that.
   */
  static void write(JsonGenerator json, ChatCompletionChunk.Delta delta) throws IOException {
    List<ChatCompletionMessageToolCallChunk> calls = delta.toolCalls();
    if (calls.isEmpty()) {
      return;
    }
    if ("".equals(calls.get(0).id())) {
      json.writeFieldName("function_call");
      function(json, calls.get(0));
      return;
    }
    json.writeArrayFieldStart("tool_calls");
    for (ChatCompletionMessageToolCallChunk call : calls) {
      json.writeStartObject();
      json.writeNumberField("index", call.index());
      if (call.name() != null) {
        AnswerWriter.text(json, "id", call.id());
        AnswerWriter.text(json, "type", call.type());
      }
      if (call.type().equals("custom")) {
        custom(json, String.valueOf(call.name()), call.arguments());
      } else {
        json.writeFieldName("function");
        function(json, call);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void function(JsonGenerator json, ChatCompletionMessageToolCallChunk call)
      throws IOException {
    json.writeStartObject();
    if (call.name() != null) {
      AnswerWriter.text(json, "name", call.name());
    }
    AnswerWriter.text(json, "arguments", call.arguments());
    json.writeEndObject();
  }
}
