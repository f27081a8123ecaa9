package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.ListModelsResponse;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.openai.ReasoningFields;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A writer of answers in the exact JSON that OpenAI's SDKs depend on. */
final class AnswerWriter {
  private AnswerWriter() {}

  static void write(JsonGenerator json, ChatCompletion answer, ReasoningFields reasoning)
      throws IOException {
    head(json, answer.id(), "chat.completion", answer.created(), answer.model());
    json.writeArrayFieldStart("choices");
    for (ChatCompletion.Choice choice : answer.choices()) {
      json.writeStartObject();
      json.writeNumberField("index", choice.index());
      json.writeObjectFieldStart("message");
      json.writeStringField("role", "assistant");
      message(json, choice.message(), reasoning);
      json.writeEndObject();
      LogprobsWriter.chat(json, choice.logprobs());
      finishReason(json, choice.finishReason());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (answer.serviceTier() != null) {
      text(json, "service_tier", answer.serviceTier());
    }
    if (!answer.metadata().isEmpty()) {
      json.writeFieldName("metadata");
      JsonValues.write(json, answer.metadata());
    }
    usage(json, answer.usage(), false);
    json.writeEndObject();
  }

  static void write(
      JsonGenerator json, ChatCompletionChunk chunk, boolean usageAsked, ReasoningFields reasoning)
      throws IOException {
    head(json, chunk.id(), "chat.completion.chunk", chunk.created(), chunk.model());
    json.writeArrayFieldStart("choices");
    for (ChatCompletionChunk.Choice choice : chunk.choices()) {
      json.writeStartObject();
      json.writeNumberField("index", choice.index());
      json.writeObjectFieldStart("delta");
      if (choice.delta().role() != null) {
        text(json, "role", choice.delta().role());
      }
      if (choice.delta().content() != null) {
        text(json, "content", choice.delta().content());
      }
      if (choice.delta().reasoningContent() != null) {
        reasoning(json, choice.delta().reasoningContent(), reasoning);
      }
      ToolCallWriter.write(json, choice.delta());
      json.writeEndObject();
      LogprobsWriter.chat(json, choice.logprobs());
      finishReason(json, choice.finishReason());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (chunk.serviceTier() != null) {
      text(json, "service_tier", chunk.serviceTier());
    }
    usage(json, chunk.usage(), usageAsked);
    json.writeEndObject();
  }

  static void write(JsonGenerator json, Completion piece, boolean usageAsked) throws IOException {
    head(json, piece.id(), "text_completion", piece.created(), piece.model());
    json.writeArrayFieldStart("choices");
    for (Completion.Choice choice : piece.choices()) {
      json.writeStartObject();
      text(json, "text", choice.text());
      json.writeNumberField("index", choice.index());
      LogprobsWriter.completion(json, choice.logprobs());
      finishReason(json, choice.finishReason());
      json.writeEndObject();
    }
    json.writeEndArray();
    usage(json, piece.usage(), usageAsked);
    json.writeEndObject();
  }

  static void write(JsonGenerator json, Model model) throws IOException {
    json.writeStartObject();
    text(json, "id", model.id());
    json.writeStringField("object", "model");
    json.writeNumberField("created", model.created());
    text(json, "owned_by", model.ownedBy());
    if (model.shutdownDate() != null) {
      json.writeStringField("shutdown_date", model.shutdownDate().toString());
    }
    if (model.parent() != null) {
      text(json, "parent", model.parent());
    }
    if (!model.metadata().isEmpty()) {
      json.writeFieldName("metadata");
      JsonValues.write(json, model.metadata());
    }
    json.writeEndObject();
  }

  static void write(JsonGenerator json, ListModelsResponse models) throws IOException {
    json.writeStartObject();
    json.writeStringField("object", "list");
    json.writeArrayFieldStart("data");
    for (Model model : models.data()) {
      write(json, model);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  static void write(JsonGenerator json, ErrorResponse error) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("error");
    text(json, "message", error.message());
    text(json, "type", error.type());
    text(json, "param", error.param());
    text(json, "code", error.code());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void head(JsonGenerator json, String id, String object, long created, String model)
      throws IOException {
    json.writeStartObject();
    text(json, "id", id);
    json.writeStringField("object", object);
    json.writeNumberField("created", created);
    text(json, "model", model);
  }

  private static void message(
      JsonGenerator json, ChatCompletion.Message message, ReasoningFields reasoning)
      throws IOException {
    text(json, "content", message.content());
    json.writeNullField("refusal");
    if (message.reasoningContent() != null) {
      reasoning(json, message.reasoningContent(), reasoning);
    }
    ToolCallWriter.write(json, message);
  }

  private static void reasoning(JsonGenerator json, String reasoning, ReasoningFields fields)
      throws IOException {
    for (String name : fields.names()) {
      text(json, name, reasoning);
    }
  }

  private static void finishReason(JsonGenerator json, @Nullable FinishReason reason)
      throws IOException {
    text(json, "finish_reason", reason == null ? null : reason.value());
  }

  private static void usage(
      JsonGenerator json, @Nullable CompletionUsage usage, boolean nullWhenAbsent)
      throws IOException {
    if (usage == null) {
      if (nullWhenAbsent) {
        json.writeNullField("usage");
      }
      return;
    }
    json.writeObjectFieldStart("usage");
    json.writeNumberField("prompt_tokens", usage.promptTokens());
    json.writeNumberField("completion_tokens", usage.completionTokens());
    json.writeNumberField("total_tokens", usage.totalTokens());
    if (usage.cachedTokens() != null) {
      json.writeObjectFieldStart("prompt_tokens_details");
      json.writeNumberField("cached_tokens", usage.cachedTokens());
      json.writeEndObject();
    }
    if (usage.reasoningTokens() > 0) {
      json.writeObjectFieldStart("completion_tokens_details");
      json.writeNumberField("reasoning_tokens", usage.reasoningTokens());
      json.writeEndObject();
    }
    if (usage.estimated()) {
      json.writeBooleanField("estimated", true);
    }
    json.writeEndObject();
  }

  static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
    json.writeFieldName(name);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeString(JsonWriter.characters(value));
    }
  }
}
