package io.github.openaikserve.internal.json;

import static io.github.openaikserve.internal.json.AnswerWriter.text;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.openaikserve.anthropic.ContentBlock;
import io.github.openaikserve.anthropic.Message;
import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.anthropic.MessageStreamEvent.ContentBlockDelta;
import io.github.openaikserve.anthropic.MessageStreamEvent.ContentBlockStart;
import io.github.openaikserve.anthropic.MessageStreamEvent.ContentBlockStop;
import io.github.openaikserve.anthropic.MessageStreamEvent.MessageDelta;
import io.github.openaikserve.anthropic.MessageStreamEvent.MessageStart;
import io.github.openaikserve.anthropic.StopReason;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.Model;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A writer of the messages, events and errors of Anthropic's API.
 *
 * <p>Source: {@code anthropics/anthropic-sdk-typescript}: {@code Message}, {@code Usage}, {@code
 * RawMessageStreamEvent}, {@code ModelInfo}, {@code ErrorResponse}.
 */
final class MessageWriter {
  private static final CompletionUsage NOTHING = new CompletionUsage(0, 0, false);

  private MessageWriter() {}

  static void write(JsonGenerator json, Message message) throws IOException {
    json.writeStartObject();
    text(json, "id", message.id());
    json.writeStringField("type", "message");
    json.writeStringField("role", "assistant");
    text(json, "model", message.model());
    json.writeArrayFieldStart("content");
    for (ContentBlock block : message.content()) {
      write(json, block);
    }
    json.writeEndArray();
    stop(json, message.stopReason(), message.stopSequence());
    json.writeNullField("container");
    usage(json, message.usage() == null ? NOTHING : message.usage());
    json.writeEndObject();
  }

  private static void stop(
      JsonGenerator json, @Nullable StopReason reason, @Nullable String sequence)
      throws IOException {
    text(json, "stop_reason", reason == null ? null : reason.value());
    text(json, "stop_sequence", sequence);
    if (reason != StopReason.REFUSAL) {
      json.writeNullField("stop_details");
      return;
    }
    json.writeObjectFieldStart("stop_details");
    json.writeStringField("type", "refusal");
    json.writeNullField("category");
    json.writeNullField("explanation");
    json.writeEndObject();
  }

  private static void usage(JsonGenerator json, CompletionUsage usage) throws IOException {
    json.writeObjectFieldStart("usage");
    int cached = usage.cachedTokens() == null ? 0 : usage.cachedTokens();
    json.writeNumberField("input_tokens", usage.promptTokens() - cached);
    json.writeNumberField("cache_creation_input_tokens", 0);
    json.writeNumberField("cache_read_input_tokens", cached);
    json.writeNumberField("output_tokens", usage.completionTokens());
    json.writeObjectFieldStart("output_tokens_details");
    json.writeNumberField("thinking_tokens", usage.reasoningTokens());
    json.writeEndObject();
    json.writeStringField("service_tier", "standard");
    if (usage.estimated()) {
      json.writeBooleanField("estimated", true);
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ContentBlock block) throws IOException {
    json.writeStartObject();
    text(json, "type", block.type());
    if (block instanceof ContentBlock.Text text) {
      text(json, "text", text.text());
      json.writeNullField("citations");
    } else if (block instanceof ContentBlock.Thinking thinking) {
      text(json, "thinking", thinking.thinking());
      text(json, "signature", thinking.signature());
    } else if (block instanceof ContentBlock.ToolUse call) {
      text(json, "id", call.id());
      text(json, "name", call.name());
      json.writeFieldName("input");
      JsonValues.write(json, call.input());
    } else {
      throw new IllegalStateException("no answer has a block of type " + block.type());
    }
    json.writeEndObject();
  }

  static void write(JsonGenerator json, MessageStreamEvent event) throws IOException {
    json.writeStartObject();
    text(json, "type", event.type());
    if (event instanceof ContentBlockDelta delta) {
      json.writeNumberField("index", delta.index());
      json.writeObjectFieldStart("delta");
      text(json, "type", delta.delta().type());
      text(json, delta.delta().field(), delta.value());
      json.writeEndObject();
    } else if (event instanceof ContentBlockStart start) {
      json.writeNumberField("index", start.index());
      json.writeFieldName("content_block");
      write(json, start.contentBlock());
    } else if (event instanceof ContentBlockStop stop) {
      json.writeNumberField("index", stop.index());
    } else if (event instanceof MessageStart start) {
      json.writeFieldName("message");
      write(json, start.message());
    } else if (event instanceof MessageDelta delta) {
      json.writeObjectFieldStart("delta");
      stop(json, delta.stopReason(), delta.stopSequence());
      json.writeNullField("container");
      json.writeEndObject();
      usage(json, delta.usage());
    }
    json.writeEndObject();
  }

  /** Writes a model. Anthropic's models also have a display name. */
  static void write(JsonGenerator json, Model model) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "model");
    text(json, "id", model.id());
    text(json, "display_name", model.id());
    text(json, "created_at", Instant.ofEpochSecond(model.created()).toString());
    json.writeStringField("lifecycle", "active");
    json.writeEndObject();
  }

  static void write(JsonGenerator json, List<Model> models, boolean hasMore) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("data");
    for (Model model : models) {
      write(json, model);
    }
    json.writeEndArray();
    json.writeBooleanField("has_more", hasMore);
    text(json, "first_id", models.isEmpty() ? null : models.get(0).id());
    text(json, "last_id", models.isEmpty() ? null : models.get(models.size() - 1).id());
    json.writeEndObject();
  }

  static void error(JsonGenerator json, String type, String message, String requestId)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "error");
    json.writeObjectFieldStart("error");
    text(json, "type", type);
    text(json, "message", message);
    json.writeEndObject();
    text(json, "request_id", requestId.isEmpty() ? null : requestId);
    json.writeEndObject();
  }
}
