package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.node.JsonNodeType;
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

  /** OpenAI's fields that do not affect the vectors, kept as extra fields. */
  static final Map<String, JsonNodeType> KEPT = Map.of("user", JsonNodeType.STRING);

  private EmbeddingRequestReader() {}

  static CreateEmbeddingRequest read(JsonObject json) {
    var request =
        CreateEmbeddingRequest.builder()
            .model(json.text("model"))
            .input(
                TextsOrTokens.<EmbeddingInput>read(
                    json, "input", EmbeddingInput.Texts::new, EmbeddingInput.Tokens::new))
            .encodingFormat(format(json))
            .dimensions(json.integer("dimensions"));
    json.rest(KEPT).forEach(request::extra);
    return request.build();
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
