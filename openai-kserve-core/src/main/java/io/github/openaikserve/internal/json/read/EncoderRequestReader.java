package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.encoder.ClassifyRequest;
import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateModerationRequest;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.openai.EncodingFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of embedding, rerank, score, classification and moderation requests. */
final class EncoderRequestReader {
  private static final String DOCUMENT_TYPES = "one of a string or an object with a 'text'";

  private static final List<String> FORMATS =
      Arrays.stream(EncodingFormat.values()).map(EncodingFormat::value).toList();

  private static final List<String> PARTS = List.of("text", "image_url");

  /** OpenAI's fields of an embedding that do not change the vectors, kept as extra fields. */
  static final Map<String, JsonNodeType> EMBEDDING_KEPT = Map.of("user", JsonNodeType.STRING);

  private EncoderRequestReader() {}

  static CreateEmbeddingRequest embedding(JsonObject json) {
    var request =
        CreateEmbeddingRequest.builder()
            .model(json.text("model"))
            .input(input(json))
            .encodingFormat(format(json))
            .dimensions(json.integer("dimensions"));
    json.rest(EMBEDDING_KEPT).forEach(request::extra);
    return request.build();
  }

  private static EmbeddingInput input(JsonObject json) {
    JsonNode value = json.node("input");
    if (value != null && value.path(0).isObject()) {
      return new EmbeddingInput.Parts(
          json.requiredObjects("input", EncoderRequestReader::contentPart));
    }
    return TextsOrTokens.read(json, "input", EmbeddingInput.Texts::new, EmbeddingInput.Tokens::new);
  }

  /** Reads a content part of a chat message, or Jina's object with a text or an image. */
  private static ContentPart contentPart(JsonObject json) {
    String type = json.word("type", PARTS);
    if (type == null) {
      String image = json.text("image");
      return image == null
          ? new ContentPart.Text(json.requiredText("text"))
          : ContentPart.imageUrl(image);
    }
    return type.equals("text")
        ? new ContentPart.Text(json.requiredText("text"))
        : ContentPart.imageUrl(json.requiredObject("image_url").requiredText("url"));
  }

  private static @Nullable EncodingFormat format(JsonObject json) {
    String word = json.word("encoding_format", FORMATS);
    return Arrays.stream(EncodingFormat.values())
        .filter(format -> format.value().equals(word))
        .findFirst()
        .orElse(null);
  }

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
    JsonNode array = json.requiredNode("documents");
    if (!array.isArray()) {
      throw json.wrongType("documents", "an array of documents", array);
    }
    List<String> documents = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      JsonNode element = array.get(i);
      if (element.isObject()) {
        documents.add(json.object("documents", i, element).requiredText("text"));
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
    return named == null && aliased != null
        ? json.textOrTexts(alias, aliased)
        : json.textOrTexts(name, json.required(name, named));
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
    JsonNode value = json.requiredNode("input");
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    if (!value.isArray()) {
      throw json.wrongType("input", "one of a string, array of strings, or array of parts", value);
    }
    if (value.isEmpty() || !value.get(0).isObject()) {
      return json.texts("input", value);
    }
    return List.of(String.join("\n", json.requiredObjects("input", EncoderRequestReader::part)));
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
