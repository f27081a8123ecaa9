package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.BatchPreparation;
import io.github.openaikserve.internal.request.BatchRequest;
import io.github.openaikserve.internal.request.FieldHandlings;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.request.RequestFields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The creation of explanations of what would be sent for a request. */
final class Explanations {
  private Explanations() {}

  static Explanation of(
      Route route, boolean stream, Supplier<RequestFields> fields, Supplier<Prepared> preparation) {
    Map<String, FieldHandling> handlings = new LinkedHashMap<>();
    handlings.put(RequestField.MODEL.jsonName(), FieldHandling.EMULATED);
    try {
      handlings.putAll(FieldHandlings.of(route, fields.get()));
      if (stream) {
        boolean carried = route.requireDialect().carries(RequestField.STREAM);
        handlings.put(
            RequestField.STREAM.jsonName(),
            carried ? FieldHandling.MAPPED : FieldHandling.EMULATED);
      }
      Prepared prepared = preparation.get();
      handlings.putAll(prepared.handlings());
      List<InferCall> calls =
          prepared.prompts().stream()
              .map(generation -> GenerationCall.withStream(route, generation, stream))
              .map(generation -> GenerationCall.call(route, generation))
              .toList();
      return new Explanation(
          route.id(),
          prepared.prompts().stream().map(Generation::prompt).toList(),
          calls,
          handlings,
          route.chat().format().evidence(),
          null);
    } catch (InvalidRequestException refusal) {
      List<String> formats = route.chat().format().evidence();
      return new Explanation(route.id(), List.of(), List.of(), handlings, formats, refusal);
    }
  }

  static Explanation of(Route route, BatchRequest request) {
    Map<String, FieldHandling> handlings = new LinkedHashMap<>();
    handlings.put(RequestField.MODEL.jsonName(), FieldHandling.EMULATED);
    try {
      handlings.putAll(BatchPreparation.handlings(route, request));
      BatchPreparation.check(route, request);
      return new Explanation(
          route.id(),
          request.texts(),
          request.batches(route).stream()
              .map(batch -> BatchPreparation.call(route, batch))
              .toList(),
          handlings,
          List.of(),
          null);
    } catch (InvalidRequestException refusal) {
      return new Explanation(route.id(), List.of(), List.of(), handlings, List.of(), refusal);
    }
  }
}
