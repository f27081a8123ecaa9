package io.github.openaikserve.internal.request;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.EmbeddingBatch;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The preparation of a request for embeddings: its fields, and its inputs in batches. */
public final class EmbeddingPreparation {
  private EmbeddingPreparation() {}

  /** Returns the call that embeds one batch of a request's inputs. */
  public static InferCall call(Route route, CreateEmbeddingRequest request, EmbeddingInput batch) {
    return route
        .requireEmbeddingDialect()
        .encode(
            new EmbeddingBatch(
                route.modelName(), route.modelVersion(), batch, request.dimensions()))
        .withTimeout(route.timeouts().total());
  }

  /** Returns the inputs of a request in batches, in their order. */
  public static List<EmbeddingInput> batches(Route route, CreateEmbeddingRequest request) {
    EmbeddingInput input = request.input();
    int batch = Math.max(1, route.requireEmbeddingDialect().maxBatch(input));
    return IntStream.iterate(0, from -> from < input.size(), from -> from + batch)
        .mapToObj(from -> input.slice(from, Math.min(input.size(), from + batch)))
        .toList();
  }

  /** Returns what a request asks for. */
  public static Map<RequestField, Object> fields(CreateEmbeddingRequest request) {
    Map<RequestField, Object> fields = new EnumMap<>(RequestField.class);
    if (request.input() instanceof EmbeddingInput.Tokens tokens) {
      fields.put(RequestField.INPUT_TOKENS, tokens.tokens());
    } else if (request.input() instanceof EmbeddingInput.Texts texts) {
      fields.put(RequestField.INPUT, texts.texts());
    }
    if (request.dimensions() != null) {
      fields.put(RequestField.DIMENSIONS, request.dimensions());
    }
    if (request.encodingFormat() != null) {
      fields.put(RequestField.ENCODING_FORMAT, request.encodingFormat());
    }
    return fields;
  }

  /**
   * Returns the JSON names of the fields that have no effect.
   *
   * @throws InvalidRequestException if the model cannot serve the request
   */
  public static List<String> settle(Route route, CreateEmbeddingRequest request) {
    LimitCheck.check(route.limits(), request);
    Dialect dialect = route.requireEmbeddingDialect();
    Map<RequestField, Object> fields = fields(request);
    if (fields.containsKey(RequestField.INPUT_TOKENS)) {
      requireInput(
          dialect,
          RequestField.INPUT_TOKENS,
          "text, not token ids. In LangChain, set check_embedding_ctx_length=False");
    } else {
      requireInput(dialect, RequestField.INPUT, "token ids, not text");
    }
    Integer dimensions = request.dimensions();
    if (dimensions != null) {
      if (!dialect.carries(RequestField.DIMENSIONS)
          && dialect.dimensions().orElse(dimensions) != dimensions) {
        throw FieldHandlings.rejected(route, RequestField.DIMENSIONS.jsonName());
      }
    }
    Map<String, FieldHandling> handlings =
        FieldHandlings.ofExtra(route, RequestKind.EMBEDDING, request.extra());
    handlings.putAll(FieldHandlings.ofEmbedding(route, fields.keySet()));
    return FieldHandlings.dropped(route, handlings);
  }

  private static void requireInput(Dialect dialect, RequestField field, String takes) {
    if (!dialect.carries(field)) {
      throw InvalidRequestException.badValue(
          field.jsonName(),
          "unsupported_value",
          "Invalid 'input': this model takes " + takes + ".");
    }
  }
}
