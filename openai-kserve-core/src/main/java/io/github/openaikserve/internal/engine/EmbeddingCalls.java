package io.github.openaikserve.internal.engine;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.EmbeddingBatch;
import io.github.openaikserve.dialect.EmbeddingDialect;
import io.github.openaikserve.dialect.EmbeddingVectors;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.flow.InOrder;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;

/** Turns a request for embeddings into as many calls as its inputs take. */
final class EmbeddingCalls {
  private EmbeddingCalls() {}

  /**
   * The calls, ready to be made together.
   *
   * @throws InvalidRequestException if the request cannot be served
   */
  static Call<EmbeddingVectors, CreateEmbeddingResponse> of(
      Route route, CreateEmbeddingRequest request) {
    EmbeddingDialect dialect = route.embeddingDialect();
    List<String> dropped = settle(route, request);
    FieldFates.log(route, dropped);
    EmbeddingInput input = request.input();
    int batch = dialect.maxBatch(input);
    List<Flow.Publisher<InferResponse>> calls = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (int from = 0; from < input.size(); from += batch) {
      EmbeddingInput part = input.slice(from, Math.min(input.size(), from + batch));
      InferCall call =
          dialect
              .encode(
                  new EmbeddingBatch(
                      route.modelName(), route.modelVersion(), part, request.dimensions()))
              .withTimeout(route.timeout());
      calls.add(Publishers.defer(() -> route.backend().infer(call)));
      sizes.add(part.size());
    }
    var responses =
        new InOrder<>(
            calls,
            dialect.maxConcurrency(),
            () -> new DialectException("The model server ended the call without an answer."));
    return new Call<>(
        new Source<>(responses, new EmbeddingReader(route, sizes, request.dimensions())),
        new EmbeddingFold(route, request, dropped),
        dropped);
  }

  private static List<String> settle(Route route, CreateEmbeddingRequest request) {
    EmbeddingDialect dialect = route.embeddingDialect();
    Map<RequestField, Object> fields = new EnumMap<>(RequestField.class);
    if (request.input() instanceof EmbeddingInput.Tokens tokens) {
      requireInput(dialect, RequestField.INPUT_TOKENS, "text, not token ids");
      fields.put(RequestField.INPUT_TOKENS, tokens.tokens());
    } else if (request.input() instanceof EmbeddingInput.Texts texts) {
      requireInput(dialect, RequestField.INPUT, "token ids, not text");
      fields.put(RequestField.INPUT, texts.texts());
    }
    Integer dimensions = request.dimensions();
    if (dimensions != null) {
      fields.put(RequestField.DIMENSIONS, dimensions);
      if (!dialect.carries(RequestField.DIMENSIONS)
          && dialect.dimensions().orElse(dimensions) != dimensions) {
        throw FieldFates.refused(route, RequestField.DIMENSIONS);
      }
    }
    return FieldFates.settle(route, fields, (field, value) -> FieldFates.of(route, field));
  }

  private static void requireInput(EmbeddingDialect dialect, RequestField field, String takes) {
    if (!dialect.carries(field)) {
      throw InvalidRequestException.badValue(
          field.jsonName(),
          "unsupported_value",
          "Invalid 'input': this model takes " + takes + ".");
    }
  }
}
