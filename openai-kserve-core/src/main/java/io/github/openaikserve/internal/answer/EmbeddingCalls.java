package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.EmbeddingBatch;
import io.github.openaikserve.dialect.EmbeddingDialect;
import io.github.openaikserve.dialect.EmbeddingVectors;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.flow.InOrder;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.DroppedFieldsLog;
import io.github.openaikserve.internal.request.FieldHandlings;
import io.github.openaikserve.internal.request.LimitCheck;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Turns a request for embeddings into as many calls as its inputs take. */
final class EmbeddingCalls {
  private EmbeddingCalls() {}

  /**
   * The calls, ready to be made together.
   *
   * @throws InvalidRequestException if the request cannot be served
   */
  static Call<EmbeddingVectors, CreateEmbeddingResponse> of(
      Route route,
      CreateEmbeddingRequest request,
      CallWatch watch,
      DroppedFieldsLog droppedFields) {
    EmbeddingDialect dialect = route.embeddingDialect();
    List<String> dropped = settle(route, request);
    watch.settled(dropped, null);
    droppedFields.log(route, dropped);
    List<Flow.Publisher<InferResponse>> calls = new ArrayList<>();
    List<CallHandle> handles = new ArrayList<>();
    for (InferCall call : encoded(route, request)) {
      var handle = new CallHandle();
      handles.add(handle);
      calls.add(watch.watched(call, false, handle, route.calls()::infer));
    }
    List<Integer> sizes = batches(route, request).map(EmbeddingInput::size).toList();
    var responses =
        new InOrder<>(
            calls,
            route.atMost(dialect.maxConcurrency()),
            () -> new DialectException("The model server ended the call without an answer."));
    return new Call<>(
        new Source<>(responses, new EmbeddingDecoder(route, sizes, handles, request.dimensions())),
        new EmbeddingFold(route, request, dropped, watch),
        dropped,
        watch);
  }

  /** The calls that a request takes, in the order of its inputs. */
  static List<InferCall> encoded(Route route, CreateEmbeddingRequest request) {
    return batches(route, request)
        .map(
            part ->
                new EmbeddingBatch(
                    route.modelName(), route.modelVersion(), part, request.dimensions()))
        .map(batch -> route.embeddingDialect().encode(batch).withTimeout(route.timeouts().total()))
        .toList();
  }

  private static Stream<EmbeddingInput> batches(Route route, CreateEmbeddingRequest request) {
    EmbeddingInput input = request.input();
    int batch = route.embeddingDialect().maxBatch(input);
    return IntStream.iterate(0, from -> from < input.size(), from -> from + batch)
        .mapToObj(from -> input.slice(from, Math.min(input.size(), from + batch)));
  }

  /** What the request asks for. */
  static Map<RequestField, Object> fields(CreateEmbeddingRequest request) {
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
   * The JSON names of the fields that will have no effect.
   *
   * @throws InvalidRequestException if the request cannot be served
   */
  static List<String> settle(Route route, CreateEmbeddingRequest request) {
    LimitCheck.check(route.limits(), request);
    EmbeddingDialect dialect = route.embeddingDialect();
    Map<RequestField, Object> fields = fields(request);
    if (fields.containsKey(RequestField.INPUT_TOKENS)) {
      requireInput(dialect, RequestField.INPUT_TOKENS, "text, not token ids");
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
    return FieldHandlings.dropped(route, FieldHandlings.ofEmbedding(route, fields.keySet()));
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
