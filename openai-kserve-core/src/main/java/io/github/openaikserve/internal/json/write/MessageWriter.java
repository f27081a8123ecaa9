package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.anthropic.ContentBlock;
import io.github.openaikserve.anthropic.Message;
import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.anthropic.MessageStreamEvent.ContentBlockDelta;
import io.github.openaikserve.anthropic.MessageStreamEvent.ContentBlockStart;
import io.github.openaikserve.anthropic.MessageStreamEvent.ContentBlockStop;
import io.github.openaikserve.anthropic.MessageStreamEvent.MessageDelta;
import io.github.openaikserve.anthropic.MessageStreamEvent.MessageStart;
import io.github.openaikserve.anthropic.StopReason;
import io.github.openaikserve.internal.json.JsonWriter;
import io.github.openaikserve.openai.CompletionUsage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A writer of the messages, events and errors of Anthropic's API.
 *
 * <p>Source: {@code anthropics/anthropic-sdk-typescript}: {@code Message}, {@code Usage}, {@code
 * RawMessageStreamEvent}, {@code ErrorResponse}.
 */
public final class MessageWriter {
  private static final CompletionUsage NOTHING = new CompletionUsage(0, 0, false);

  private MessageWriter() {}

  /** Writes a {@code message}. */
  public static byte[] write(Message message) {
    return JsonWriter.write(json -> write(json, message));
  }

  private static void write(JsonWriter json, Message message) {
    json.field("id", message.id())
        .field("type", "message")
        .field("role", "assistant")
        .field("model", message.model())
        .objects("content", message.content(), MessageWriter::write);
    stop(json, message.stopReason(), message.stopSequence());
    usage(json, message.usage() == null ? NOTHING : message.usage());
  }

  private static void stop(
      JsonWriter json, @Nullable StopReason reason, @Nullable String sequence) {
    json.field("stop_reason", reason == null ? null : reason.value())
        .field("stop_sequence", sequence);
    if (reason == StopReason.REFUSAL) {
      json.object(
          "stop_details",
          details ->
              details.field("type", "refusal").field("category", null).field("explanation", null));
    } else {
      json.field("stop_details", null);
    }
    json.field("container", null);
  }

  private static void usage(JsonWriter json, CompletionUsage usage) {
    int cached = usage.cachedTokens() == null ? 0 : usage.cachedTokens();
    json.object(
        "usage",
        fields ->
            fields
                .field("input_tokens", usage.promptTokens() - cached)
                .field("cache_creation_input_tokens", 0)
                .field("cache_read_input_tokens", cached)
                .field("output_tokens", usage.completionTokens())
                .field("output_tokens_details", Map.of("thinking_tokens", usage.reasoningTokens()))
                .field("service_tier", "standard")
                .optional("estimated", usage.estimated() ? true : null));
  }

  private static void write(JsonWriter json, ContentBlock block) {
    json.field("type", block.type());
    if (block instanceof ContentBlock.Text text) {
      json.field("text", text.text()).field("citations", null);
    } else if (block instanceof ContentBlock.Thinking thinking) {
      json.field("thinking", thinking.thinking()).field("signature", thinking.signature());
    } else if (block instanceof ContentBlock.ToolUse call) {
      json.field("id", call.id()).field("name", call.name()).field("input", call.input());
    } else {
      throw new IllegalStateException("no answer has a block of type " + block.type());
    }
  }

  /** Writes an event of a streamed message. */
  public static byte[] write(MessageStreamEvent event) {
    return JsonWriter.write(json -> write(json.field("type", event.type()), event));
  }

  private static void write(JsonWriter json, MessageStreamEvent event) {
    if (event instanceof ContentBlockDelta delta) {
      json.field("index", delta.index())
          .object(
              "delta",
              fields ->
                  fields
                      .field("type", delta.delta().type())
                      .field(delta.delta().field(), delta.value()));
    } else if (event instanceof ContentBlockStart start) {
      json.field("index", start.index())
          .object("content_block", fields -> write(fields, start.contentBlock()));
    } else if (event instanceof ContentBlockStop stop) {
      json.field("index", stop.index());
    } else if (event instanceof MessageStart start) {
      json.object("message", fields -> write(fields, start.message()));
    } else if (event instanceof MessageDelta delta) {
      json.object("delta", fields -> stop(fields, delta.stopReason(), delta.stopSequence()));
      usage(json, delta.usage());
    }
  }

  /**
   * Writes an error.
   *
   * @param requestId empty if unknown
   */
  public static byte[] writeError(String type, String message, String requestId) {
    return JsonWriter.write(
        json ->
            json.field("type", "error")
                .object("error", error -> error.field("type", type).field("message", message))
                .field("request_id", requestId.isEmpty() ? null : requestId));
  }
}
