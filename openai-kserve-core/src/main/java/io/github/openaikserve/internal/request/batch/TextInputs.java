package io.github.openaikserve.internal.request.batch;

import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.field.RequestCheck;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The texts, token ids or images of an embedding or classification request. Immutable.
 *
 * @param more additional fields of every batch
 */
public record TextInputs(
    RequestKind kind, AbstractRequest request, EmbeddingInput input, Map<RequestField, Object> more)
    implements BatchRequest {
  /** Copies the map. */
  public TextInputs {
    more = Map.copyOf(more);
  }

  /** Returns the texts; empty for token ids and for images. */
  @Override
  public List<String> texts() {
    if (input instanceof EmbeddingInput.Texts texts) {
      return texts.texts();
    }
    return input instanceof EmbeddingInput.Parts parts
        ? parts.parts().stream()
            .filter(ContentPart.Text.class::isInstance)
            .map(part -> ((ContentPart.Text) part).text())
            .toList()
        : List.of();
  }

  private List<String> images() {
    return input instanceof EmbeddingInput.Parts parts
        ? parts.parts().stream()
            .filter(ContentPart.Media.class::isInstance)
            .map(part -> url((ContentPart.Media) part))
            .toList()
        : List.of();
  }

  private static String url(ContentPart.Media image) {
    return String.valueOf(image.value().get("url"));
  }

  @Override
  public Map<RequestField, Object> fields() {
    Map<RequestField, Object> fields = new EnumMap<>(RequestField.class);
    if (input instanceof EmbeddingInput.Tokens tokens) {
      fields.put(RequestField.INPUT_TOKENS, tokens.tokens());
    } else {
      List<String> texts = texts();
      if (!texts.isEmpty()) {
        fields.put(RequestField.INPUT, texts);
      }
    }
    List<String> images = images();
    if (!images.isEmpty()) {
      fields.put(RequestField.IMAGES, images);
    }
    return fields;
  }

  @Override
  public void check(Route route) {
    RequestCheck.inputs(route.limits(), input.size(), "input");
    for (RequestField field : fields().keySet()) {
      if (!route.requireDialect(kind).carries(field)) {
        throw InvalidRequestException.badValue(
            "input",
            "unsupported_value",
            "Invalid 'input': this model takes %s.".formatted(takes(route, field)));
      }
    }
  }

  private String takes(Route route, RequestField missing) {
    return switch (missing) {
      case IMAGES -> "no images";
      case INPUT_TOKENS ->
          "text, not token ids. In LangChain, set check_embedding_ctx_length=False";
      default ->
          route.requireDialect(kind).carries(RequestField.INPUT_TOKENS)
              ? "token ids, not text"
              : "images, not text";
    };
  }

  @Override
  public List<InputBatch> batches(Route route) {
    if (input instanceof EmbeddingInput.Parts parts) {
      return parts.parts().stream()
          .map(part -> BatchPreparation.batch(route, this, 1, values(part)))
          .toList();
    }
    RequestField field =
        input instanceof EmbeddingInput.Tokens ? RequestField.INPUT_TOKENS : RequestField.INPUT;
    return BatchPreparation.split(
        route,
        this,
        field,
        input.size(),
        (from, to) -> values(field, value(input.slice(from, to))));
  }

  /** Returns the values of a batch of one text or one image: no tensor accepts both. */
  private Map<RequestField, Object> values(ContentPart part) {
    return part instanceof ContentPart.Media image
        ? values(RequestField.IMAGES, List.of(url(image)))
        : values(RequestField.INPUT, List.of(((ContentPart.Text) part).text()));
  }

  private Map<RequestField, Object> values(RequestField field, Object value) {
    Map<RequestField, Object> values = new EnumMap<>(RequestField.class);
    values.putAll(more);
    values.put(field, value);
    return values;
  }

  private static Object value(EmbeddingInput inputs) {
    return inputs instanceof EmbeddingInput.Tokens tokens
        ? tokens.tokens().get(0).stream().mapToInt(Integer::intValue).toArray()
        : ((EmbeddingInput.Texts) inputs).texts();
  }
}
