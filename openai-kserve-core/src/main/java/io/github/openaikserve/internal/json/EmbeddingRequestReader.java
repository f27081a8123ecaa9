package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.openai.EncodingFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of embedding requests. */
final class EmbeddingRequestReader {
  private static final List<String> FORMATS =
      Arrays.stream(EncodingFormat.values()).map(EncodingFormat::value).toList();

  private static final List<String> PARTS = List.of("text", "image_url");

  /** OpenAI's fields that do not change the vectors, kept as extra fields. */
  static final Map<String, JsonNodeType> KEPT = Map.of("user", JsonNodeType.STRING);

  private EmbeddingRequestReader() {}

  static CreateEmbeddingRequest read(JsonObject json) {
    var request =
        CreateEmbeddingRequest.builder()
            .model(json.text("model"))
            .input(input(json))
            .encodingFormat(format(json))
            .dimensions(json.integer("dimensions"));
    json.rest(KEPT).forEach(request::extra);
    return request.build();
  }

  private static EmbeddingInput input(JsonObject json) {
    JsonNode value = json.node("input");
    if (value != null && value.path(0).isObject()) {
      List<ContentPart> parts = json.objects("input", EmbeddingRequestReader::part);
      return new EmbeddingInput.Parts(parts == null ? List.of() : parts);
    }
    return TextsOrTokens.read(json, "input", EmbeddingInput.Texts::new, EmbeddingInput.Tokens::new);
  }

  /** Reads a content part of a chat message, or Jina's object with a text or an image. */
  private static ContentPart part(JsonObject json) {
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
    String word = json.text("encoding_format");
    if (word == null) {
      return null;
    }
    for (EncodingFormat format : EncodingFormat.values()) {
      if (format.value().equals(word)) {
        return format;
      }
    }
    throw json.unknownValue("encoding_format", word, FORMATS);
  }
}
