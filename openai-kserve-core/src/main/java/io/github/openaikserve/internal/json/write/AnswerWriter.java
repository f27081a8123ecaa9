package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.internal.json.JsonWriter;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionMessageToolCallChunk;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.ReasoningFields;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A writer of chat and text completions in the exact JSON that OpenAI's SDKs depend on. A tool call
 * with an empty id is a legacy function call, written as {@code function_call}.
 */
public final class AnswerWriter {
  private static final String FUNCTION_CALL = "function_call";
  private static final String TOOL_CALLS = "tool_calls";

  private AnswerWriter() {}

  /** Writes a {@code chat.completion}. */
  public static byte[] write(ChatCompletion answer, ReasoningFields reasoning) {
    return JsonWriter.write(
        json -> {
          head(json, answer.id(), "chat.completion", answer.created(), answer.model());
          json.objects(
                  "choices", answer.choices(), (each, choice) -> write(each, choice, reasoning))
              .optional("service_tier", answer.serviceTier())
              .optional("metadata", answer.metadata().isEmpty() ? null : answer.metadata());
          usage(json, answer.usage(), false);
        });
  }

  private static void write(
      JsonWriter json, ChatCompletion.Choice choice, ReasoningFields reasoning) {
    ChatCompletion.Message message = choice.message();
    json.field("index", choice.index())
        .object(
            "message",
            fields -> {
              fields
                  .field("role", "assistant")
                  .field("content", message.content())
                  .field("refusal", null);
              reasoning(fields, message.reasoningContent(), reasoning);
              toolCalls(fields, message.toolCalls());
            });
    end(json, choice.logprobs(), choice.finishReason());
  }

  /**
   * Writes a {@code chat.completion.chunk}.
   *
   * @param usageAsked whether a chunk without usage has {@code "usage": null}
   */
  public static byte[] write(
      ChatCompletionChunk chunk, boolean usageAsked, ReasoningFields reasoning) {
    return JsonWriter.write(
        json -> {
          head(json, chunk.id(), "chat.completion.chunk", chunk.created(), chunk.model());
          json.objects("choices", chunk.choices(), (each, choice) -> write(each, choice, reasoning))
              .optional("service_tier", chunk.serviceTier());
          usage(json, chunk.usage(), usageAsked);
        });
  }

  private static void write(
      JsonWriter json, ChatCompletionChunk.Choice choice, ReasoningFields reasoning) {
    ChatCompletionChunk.Delta delta = choice.delta();
    json.field("index", choice.index())
        .object(
            "delta",
            fields -> {
              fields.optional("role", delta.role()).optional("content", delta.content());
              reasoning(fields, delta.reasoningContent(), reasoning);
              toolCallChunks(fields, delta.toolCalls());
            });
    end(json, choice.logprobs(), choice.finishReason());
  }

  private static void end(
      JsonWriter json,
      @Nullable List<ChatCompletionTokenLogprob> logprobs,
      @Nullable FinishReason reason) {
    if (logprobs == null) {
      json.field("logprobs", null);
    } else {
      LogprobsWriter.chat(json, logprobs);
    }
    finishReason(json, reason);
  }

  /** Writes a whole {@code text_completion}. */
  public static byte[] write(Completion completion) {
    return writeChunk(completion, false);
  }

  /**
   * Writes a chunk of a {@code text_completion}.
   *
   * @param usageAsked whether a chunk without usage has {@code "usage": null}
   */
  public static byte[] writeChunk(Completion piece, boolean usageAsked) {
    return JsonWriter.write(
        json -> {
          head(json, piece.id(), "text_completion", piece.created(), piece.model());
          json.objects("choices", piece.choices(), AnswerWriter::write);
          usage(json, piece.usage(), usageAsked);
        });
  }

  private static void write(JsonWriter json, Completion.Choice choice) {
    json.field("text", choice.text()).field("index", choice.index());
    if (choice.logprobs() == null) {
      json.field("logprobs", null);
    } else {
      LogprobsWriter.completion(json, choice.logprobs());
    }
    finishReason(json, choice.finishReason());
  }

  private static void head(JsonWriter json, String id, String object, long created, String model) {
    json.field("id", id).field("object", object).field("created", created).field("model", model);
  }

  private static void reasoning(
      JsonWriter json, @Nullable String reasoning, ReasoningFields fields) {
    if (reasoning != null) {
      fields.names().forEach(name -> json.field(name, reasoning));
    }
  }

  private static void finishReason(JsonWriter json, @Nullable FinishReason reason) {
    json.field("finish_reason", reason == null ? null : reason.value());
  }

  private static void usage(
      JsonWriter json, @Nullable CompletionUsage usage, boolean nullWhenAbsent) {
    if (usage == null) {
      if (nullWhenAbsent) {
        json.field("usage", null);
      }
      return;
    }
    Integer cached = usage.cachedTokens();
    int reasoning = usage.reasoningTokens();
    json.object(
        "usage",
        fields ->
            fields
                .field("prompt_tokens", usage.promptTokens())
                .field("completion_tokens", usage.completionTokens())
                .field("total_tokens", usage.totalTokens())
                .optional(
                    "prompt_tokens_details",
                    cached == null ? null : Map.of("cached_tokens", cached))
                .optional(
                    "completion_tokens_details",
                    reasoning <= 0 ? null : Map.of("reasoning_tokens", reasoning))
                .optional("estimated", usage.estimated() ? true : null));
  }

  private static void toolCalls(JsonWriter json, List<ChatCompletionMessageToolCall> calls) {
    if (calls.isEmpty()) {
      return;
    }
    if (calls.get(0).id().isEmpty()) {
      json.object(FUNCTION_CALL, fields -> function(fields, calls.get(0)));
      return;
    }
    json.objects(
        TOOL_CALLS,
        calls,
        (each, call) -> {
          each.field("id", call.id()).field("type", call.type());
          each.object(call.isCustom() ? "custom" : "function", fields -> function(fields, call));
        });
  }

  private static void function(JsonWriter json, ChatCompletionMessageToolCall call) {
    json.field("name", call.name())
        .field(call.isCustom() ? "input" : "arguments", call.arguments());
  }

  /**
   * Writes pieces of tool calls. Only the first piece has id, type and name, because SDKs depend on
   * that.
   */
  private static void toolCallChunks(
      JsonWriter json, List<ChatCompletionMessageToolCallChunk> calls) {
    if (calls.isEmpty()) {
      return;
    }
    if ("".equals(calls.get(0).id())) {
      json.object(FUNCTION_CALL, fields -> function(fields, calls.get(0)));
      return;
    }
    json.objects(
        TOOL_CALLS,
        calls,
        (each, call) -> {
          each.field("index", call.index());
          if (call.name() != null) {
            each.field("id", call.id()).field("type", call.type());
          }
          boolean custom = call.type().equals("custom");
          each.object(custom ? "custom" : "function", fields -> function(fields, call));
        });
  }

  private static void function(JsonWriter json, ChatCompletionMessageToolCallChunk call) {
    boolean custom = call.type().equals("custom");
    json.optional("name", call.name()).field(custom ? "input" : "arguments", call.arguments());
  }
}
