package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.openaikserve.encoder.Classification;
import io.github.openaikserve.encoder.ClassifyResponse;
import io.github.openaikserve.encoder.RerankResponse;
import io.github.openaikserve.encoder.ScoreResponse;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import io.github.openaikserve.openai.CreateModerationResponse;
import io.github.openaikserve.openai.ModerationCategory;
import java.io.IOException;

/** A writer of rerank, score, classification and moderation answers. */
final class EncoderWriter {
  private EncoderWriter() {}

  /** Writes one object with the fields of Cohere's, Jina's and vLLM's answers. */
  static void write(JsonGenerator json, RerankResponse answer) throws IOException {
    json.writeStartObject();
    AnswerWriter.text(json, "id", answer.id());
    AnswerWriter.text(json, "model", answer.model());
    json.writeArrayFieldStart("results");
    for (RerankResponse.Result result : answer.results()) {
      json.writeStartObject();
      json.writeNumberField("index", result.index());
      json.writeNumberField("relevance_score", result.relevanceScore());
      if (result.document() != null) {
        json.writeObjectFieldStart("document");
        AnswerWriter.text(json, "text", result.document());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("meta");
    json.writeObjectFieldStart("api_version");
    json.writeStringField("version", "2");
    json.writeEndObject();
    json.writeObjectFieldStart("billed_units");
    json.writeNumberField("search_units", answer.searchUnits());
    json.writeEndObject();
    json.writeEndObject();
    usage(json, answer.usage());
    json.writeEndObject();
  }

  static void write(JsonGenerator json, ScoreResponse answer) throws IOException {
    head(json, answer.id(), answer.created(), answer.model());
    json.writeArrayFieldStart("data");
    for (int i = 0; i < answer.scores().size(); i++) {
      json.writeStartObject();
      json.writeNumberField("index", i);
      json.writeStringField("object", "score");
      json.writeNumberField("score", answer.scores().get(i));
      json.writeEndObject();
    }
    json.writeEndArray();
    usage(json, answer.usage());
    json.writeEndObject();
  }

  static void write(JsonGenerator json, ClassifyResponse answer) throws IOException {
    head(json, answer.id(), answer.created(), answer.model());
    json.writeArrayFieldStart("data");
    for (Classification input : answer.data()) {
      json.writeStartObject();
      json.writeNumberField("index", input.index());
      AnswerWriter.text(json, "label", input.label());
      json.writeArrayFieldStart("probs");
      for (double probability : input.probabilities()) {
        json.writeNumber(probability);
      }
      json.writeEndArray();
      json.writeNumberField("num_classes", input.labels().size());
      // Not in vLLM's answers. Necessary because a server may sort classes by score.
      json.writeArrayFieldStart("labels");
      for (String label : input.labels()) {
        json.writeString(JsonWriter.characters(label));
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    usage(json, answer.usage());
    json.writeEndObject();
  }

  static void write(JsonGenerator json, CreateModerationResponse answer) throws IOException {
    json.writeStartObject();
    AnswerWriter.text(json, "id", answer.id());
    AnswerWriter.text(json, "model", answer.model());
    json.writeArrayFieldStart("results");
    for (CreateModerationResponse.Result result : answer.results()) {
      write(json, result);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, CreateModerationResponse.Result result)
      throws IOException {
    json.writeStartObject();
    json.writeBooleanField("flagged", result.flagged());
    json.writeObjectFieldStart("categories");
    for (ModerationCategory category : ModerationCategory.values()) {
      json.writeBooleanField(category.value(), result.belongsTo(category));
    }
    json.writeEndObject();
    json.writeObjectFieldStart("category_scores");
    for (ModerationCategory category : ModerationCategory.values()) {
      json.writeNumberField(category.value(), result.score(category));
    }
    json.writeEndObject();
    json.writeObjectFieldStart("category_applied_input_types");
    for (ModerationCategory category : ModerationCategory.values()) {
      json.writeArrayFieldStart(category.value());
      if (result.scores().containsKey(category)) {
        json.writeString("text");
      }
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void head(JsonGenerator json, String id, long created, String model)
      throws IOException {
    json.writeStartObject();
    AnswerWriter.text(json, "id", id);
    json.writeStringField("object", "list");
    json.writeNumberField("created", created);
    AnswerWriter.text(json, "model", model);
  }

  static void usage(JsonGenerator json, Usage usage) throws IOException {
    json.writeObjectFieldStart("usage");
    json.writeNumberField("prompt_tokens", usage.promptTokens());
    json.writeNumberField("total_tokens", usage.totalTokens());
    if (usage.estimated()) {
      json.writeBooleanField("estimated", true);
    }
    json.writeEndObject();
  }
}
