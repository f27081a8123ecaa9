package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.ChatPreparation;
import io.github.openaikserve.internal.request.CompletionPreparation;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.request.ToolChoice;
import io.github.openaikserve.internal.request.batch.BatchPreparation;
import io.github.openaikserve.internal.request.batch.BatchRequest;
import io.github.openaikserve.internal.request.field.FieldHandlings;
import io.github.openaikserve.internal.request.field.RequestFields;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Explanations of what would be sent for a request. Sends nothing. Thread-safe. */
public final class Explanations {
  private final ModelRegistry models;
  private final UnaryOperator<CreateChatCompletionRequest> chatRequests;

  Explanations(ModelRegistry models, UnaryOperator<CreateChatCompletionRequest> chatRequests) {
    this.models = models;
    this.chatRequests = chatRequests;
  }

  /**
   * Returns an explanation of a chat request.
   *
   * @throws InvalidRequestException if no model has the name. Other problems are part of the
   *     explanation
   */
  public Explanation of(CreateChatCompletionRequest received) {
    CreateChatCompletionRequest request = chatRequests.apply(received);
    Route route = models.known(request.model());
    return of(
        route,
        Boolean.TRUE.equals(request.stream()),
        () -> RequestFields.of(route, request, ToolChoice.leniently(request).tools()),
        () -> ChatPreparation.of(route, request, false));
  }

  /**
   * Returns an explanation of a text completion request.
   *
   * @throws InvalidRequestException if no model has the name. Other problems are part of the
   *     explanation
   */
  public Explanation of(CreateCompletionRequest request) {
    Route route = models.known(request.model());
    return of(
        route,
        Boolean.TRUE.equals(request.stream()),
        () -> RequestFields.of(route, request),
        () -> CompletionPreparation.of(route, request));
  }

  private static Explanation of(
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

  /**
   * Returns an explanation of a request answered by tensors.
   *
   * @throws InvalidRequestException if no model has the name. Other problems are part of the
   *     explanation
   */
  public <R extends AbstractRequest> Explanation of(BatchApi<R, ?> api, R received) {
    Route route = models.known(received.model());
    BatchRequest request = api.form().apply(received).request();
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
