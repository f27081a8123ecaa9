package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.FieldFate;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.EmbeddingPreparation;
import io.github.openaikserve.internal.request.FieldHandlings;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.request.RequestFields;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a request. Immutable.
 *
 * @param model the route's id
 * @param prompts what the model would be given, one for each prompt; empty if it is refused
 * @param calls what would be sent, one for each prompt; empty if it is refused
 * @param fields what becomes of each field that is there, by its JSON name
 * @param refusal why it would be refused; null if it would not be
 */
public record Explained(
    String model,
    List<String> prompts,
    List<InferCall> calls,
    Map<String, FieldFate> fields,
    @Nullable InvalidRequestException refusal) {

  static Explained of(
      Route route, boolean stream, RequestFields fields, Supplier<Prepared> preparation) {
    Map<String, FieldFate> fates = new LinkedHashMap<>();
    fates.put(RequestField.MODEL.jsonName(), FieldFate.EMULATED);
    fates.putAll(FieldHandlings.of(route, fields));
    if (stream) {
      boolean carried = route.requireDialect().carries(RequestField.STREAM);
      fates.put(RequestField.STREAM.jsonName(), carried ? FieldFate.CARRIED : FieldFate.EMULATED);
    }
    try {
      Prepared prepared = preparation.get();
      fates.putAll(prepared.fates());
      List<InferCall> calls =
          prepared.prompts().stream()
              .map(generation -> GenerationCall.withStream(route, generation, stream))
              .map(generation -> GenerationCall.call(route, generation))
              .toList();
      return new Explained(
          route.id(),
          prepared.prompts().stream().map(Generation::prompt).toList(),
          calls,
          fates,
          null);
    } catch (InvalidRequestException refusal) {
      return new Explained(route.id(), List.of(), List.of(), fates, refusal);
    }
  }

  static Explained of(Route route, CreateEmbeddingRequest request) {
    Map<String, FieldFate> fates = new LinkedHashMap<>();
    fates.put(RequestField.MODEL.jsonName(), FieldFate.EMULATED);
    try {
      EmbeddingPreparation.fields(request)
          .keySet()
          .forEach(field -> fates.put(field.jsonName(), FieldHandlings.of(route, field)));
      request.extra().keySet().forEach(name -> fates.put(name, FieldFate.NEUTRAL));
      EmbeddingPreparation.settle(route, request);
      List<String> prompts =
          request.input() instanceof EmbeddingInput.Texts texts ? texts.texts() : List.of();
      return new Explained(
          route.id(),
          prompts,
          EmbeddingPreparation.batches(route, request).stream()
              .map(batch -> EmbeddingPreparation.call(route, request, batch))
              .toList(),
          fates,
          null);
    } catch (InvalidRequestException refusal) {
      return new Explained(route.id(), List.of(), List.of(), fates, refusal);
    }
  }
}
