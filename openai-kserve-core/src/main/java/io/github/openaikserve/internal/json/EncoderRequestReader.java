package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.encoder.ClassifyRequest;
import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.CreateModerationRequest;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.ArrayList;
import java.util.List;

/** A reader of rerank, score, classification and moderation requests. */
final class EncoderRequestReader {
  private static final String DOCUMENT_TYPES = "one of a string or an object with a 'text'";

  private EncoderRequestReader() {}

  static RerankRequest rerank(JsonObject json) {
    var request =
        RerankRequest.builder()
            .model(json.text("model"))
            .query(json.requiredText("query"))
            .documents(documents(json))
            .topN(json.integer("top_n"))
            .returnDocuments(json.bool("return_documents"));
    json.rest().forEach(request::extra);
    return request.build();
  }

  /** Reads texts, or objects with a text as sent by Cohere's and Jina's clients. */
  private static List<String> documents(JsonObject json) {
    JsonNode array = json.node("documents");
    if (array == null) {
      throw json.missing("documents");
    }
    if (!array.isArray()) {
      throw json.wrongType("documents", "an array of documents", array);
    }
    List<String> documents = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      JsonNode element = array.get(i);
      if (element.isObject()) {
        documents.add(json.element("documents", i, element).requiredText("text"));
      } else if (element.isTextual()) {
        documents.add(element.textValue());
      } else {
        throw json.wrongType("documents[" + i + "]", DOCUMENT_TYPES, element);
      }
    }
    return documents;
  }

  static ScoreRequest score(JsonObject json) {
    var request =
        ScoreRequest.builder()
            .model(json.text("model"))
            .text1(texts(json, "text_1", "queries"))
            .text2(texts(json, "text_2", "documents"));
    json.rest().forEach(request::extra);
    return request.build();
  }

  private static List<String> texts(JsonObject json, String name, String alias) {
    JsonNode named = json.node(name);
    JsonNode aliased = json.node(alias);
    if (named != null && aliased != null) {
      throw InvalidRequestException.badValue(
          alias,
          "invalid_value",
          "Invalid '%s': not allowed together with '%s'. Send only one of them."
              .formatted(alias, name));
    }
    JsonNode value = named == null ? aliased : named;
    if (value == null) {
      throw json.missing(name);
    }
    String used = named == null ? alias : name;
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    if (!value.isArray()) {
      throw json.wrongType(used, "one of a string or array of strings", value);
    }
    return json.texts(used, value);
  }

  static ClassifyRequest classify(JsonObject json) {
    var request =
        ClassifyRequest.builder()
            .model(json.text("model"))
            .input(
                TextsOrTokens.<EmbeddingInput>read(
                    json, "input", EmbeddingInput.Texts::new, EmbeddingInput.Tokens::new));
    json.rest().forEach(request::extra);
    return request.build();
  }

  static CreateModerationRequest moderation(JsonObject json) {
    var request =
        CreateModerationRequest.builder().model(json.text("model")).input(moderated(json));
    json.rest().forEach(request::extra);
    return request.build();
  }

  /** Reads a text, a list of texts, or a list of parts. All parts together are one text. */
  private static List<String> moderated(JsonObject json) {
    JsonNode value = json.node("input");
    if (value == null) {
      throw json.missing("input");
    }
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    if (!value.isArray()) {
      throw json.wrongType("input", "one of a string, array of strings, or array of parts", value);
    }
    if (value.isEmpty() || !value.get(0).isObject()) {
      return json.texts("input", value);
    }
    List<String> parts = json.objects("input", EncoderRequestReader::part);
    return List.of(String.join("\n", parts == null ? List.of() : parts));
  }

  private static String part(JsonObject part) {
    String type = part.requiredText("type");
    if (type.equals("text")) {
      return part.requiredText("text");
    }
    throw InvalidRequestException.badValue(
        part.path("type"),
        "unsupported_value",
        "Invalid '%s': only text can be moderated. Expected 'text'.".formatted(part.path("type")));
  }
}
