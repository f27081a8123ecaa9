package io.github.openaikserve.internal.request;

import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The texts or token ids of an embedding or classification request. Immutable. */
record TextInputs(EmbeddingInput input) {
  /** Returns the texts; empty for token ids and for images. */
  List<String> texts() {
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

  /** Returns the request fields with all inputs. */
  Map<RequestField, Object> fields() {
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

  void check(Route route, RequestKind kind) {
    LimitCheck.inputs(route.limits(), input.size(), "input");
    for (RequestField field : fields().keySet()) {
      if (!route.requireDialect(kind).carries(field)) {
        throw InvalidRequestException.badValue(
            "input",
            "unsupported_value",
            "Invalid 'input': this model takes %s.".formatted(takes(route, kind, field)));
      }
    }
  }

  private static String takes(Route route, RequestKind kind, RequestField missing) {
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

  /**
   * Returns the inputs in batches.
   *
   * @param more additional fields of every batch
   */
  List<InputBatch> batches(Route route, BatchRequest request, Map<RequestField, Object> more) {
    if (input instanceof EmbeddingInput.Parts parts) {
      return parts.parts().stream()
          .map(part -> BatchPreparation.batch(route, request, 1, values(part, more)))
          .toList();
    }
    RequestField field =
        input instanceof EmbeddingInput.Tokens ? RequestField.INPUT_TOKENS : RequestField.INPUT;
    return BatchPreparation.split(
        route,
        request,
        field,
        input.size(),
        (from, to) -> values(field, value(input.slice(from, to)), more));
  }

  /** Returns the values of a batch of one text or one image: no tensor accepts both. */
  private static Map<RequestField, Object> values(
      ContentPart part, Map<RequestField, Object> more) {
    return part instanceof ContentPart.Media image
        ? values(RequestField.IMAGES, List.of(url(image)), more)
        : values(RequestField.INPUT, List.of(((ContentPart.Text) part).text()), more);
  }

  private static Map<RequestField, Object> values(
      RequestField field, Object value, Map<RequestField, Object> more) {
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
