package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.dialect.FieldFate;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.FieldHandlings;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.request.RequestFields;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Explains what would be sent for a request. */
final class Explanations {
  private Explanations() {}

  static Explanation of(
      Route route, boolean stream, RequestFields fields, Supplier<Prepared> preparation) {
    Map<String, FieldFate> fates = new LinkedHashMap<>();
    fates.put(RequestField.MODEL.jsonName(), FieldFate.EMULATED);
    fates.putAll(FieldHandlings.of(route, fields));
    if (stream) {
      boolean carried = route.dialect().carries(RequestField.STREAM);
      fates.put(RequestField.STREAM.jsonName(), carried ? FieldFate.CARRIED : FieldFate.EMULATED);
    }
    try {
      Prepared prepared = preparation.get();
      fates.putAll(prepared.fates());
      List<InferCall> calls =
          prepared.prompts().stream()
              .map(
                  generation ->
                      new GenerationCall(
                          route, generation, stream, false, Set.of(), CallWatch.none()))
              .map(GenerationCall::call)
              .toList();
      return new Explanation(
          route.id(),
          prepared.prompts().stream().map(Generation::prompt).toList(),
          calls,
          fates,
          null);
    } catch (InvalidRequestException refusal) {
      return new Explanation(route.id(), List.of(), List.of(), fates, refusal);
    }
  }

  static Explanation of(Route route, CreateEmbeddingRequest request) {
    Map<String, FieldFate> fates = new LinkedHashMap<>();
    fates.put(RequestField.MODEL.jsonName(), FieldFate.EMULATED);
    try {
      EmbeddingCalls.fields(request)
          .keySet()
          .forEach(field -> fates.put(field.jsonName(), FieldHandlings.of(route, field)));
      request.extra().keySet().forEach(name -> fates.put(name, FieldFate.NEUTRAL));
      EmbeddingCalls.settle(route, request);
      List<String> prompts =
          request.input() instanceof EmbeddingInput.Texts texts ? texts.texts() : List.of();
      return new Explanation(
          route.id(), prompts, EmbeddingCalls.encoded(route, request), fates, null);
    } catch (InvalidRequestException refusal) {
      return new Explanation(route.id(), List.of(), List.of(), fates, refusal);
    }
  }
}
