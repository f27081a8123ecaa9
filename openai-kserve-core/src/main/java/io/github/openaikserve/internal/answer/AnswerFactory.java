package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.batch.BatchAnswer;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.answer.batch.BatchForm;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.answer.call.CallScope;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.AnswerFormat;
import io.github.openaikserve.internal.request.CallDescriptor;
import io.github.openaikserve.internal.request.CompletionPreparation;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.request.batch.BatchPreparation;
import io.github.openaikserve.internal.request.field.DroppedFieldsLog;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The factory of the answers to requests whose routes are known. Thread-safe. */
final class AnswerFactory {
  private final ModelRegistry models;
  private final Supplier<String> ids;
  private final InstantSource clock;
  private final StreamSupport streams;
  private final DroppedFieldsLog droppedFields = new DroppedFieldsLog();

  AnswerFactory(
      ModelRegistry models, Supplier<String> ids, InstantSource clock, StreamSupport streams) {
    this.models = models;
    this.ids = ids;
    this.clock = clock;
    this.streams = streams;
  }

  /** Returns an answer made of tensors. */
  <R extends AbstractRequest, A> BatchAnswer<A> batches(
      BatchApi<R, A> api, R request, CallDescriptor call, Route route, CallScope scope) {
    BatchForm<A> form = api.form().apply(request);
    List<String> dropped = BatchPreparation.check(route, form.request());
    return new BatchAnswer<>(route, form, head(api.idPrefix(), call, route, dropped, scope), scope);
  }

  /**
   * Returns the answer to a chat request.
   *
   * @throws InvalidRequestException naming the field that is invalid or not supported
   */
  <C, A> GeneratedAnswer<C, A> chat(
      ChatForm<C, A> form,
      CallDescriptor call,
      Route route,
      CreateChatCompletionRequest request,
      CallScope scope) {
    return chat(form, call, route, request, scope, null);
  }

  /**
   * Returns one attempt at the answer to a chat request.
   *
   * @param spent the token usage of the first attempt at this answer; null for the first attempt
   */
  private <C, A> GeneratedAnswer<C, A> chat(
      ChatForm<C, A> form,
      CallDescriptor call,
      Route route,
      CreateChatCompletionRequest request,
      CallScope scope,
      @Nullable CompletionUsage spent) {
    Prepared plain = form.prepared(route, request);
    Prepared prepared = plain.withDroppedParams(form.droppedParams(plain));
    AnswerMetadata head =
        head(form.idPrefix(), call, route, prepared.droppedParams(), scope)
            .withText(prepared, request, List.of());
    return new GeneratedAnswer<>(
        form,
        prepared,
        head,
        scope,
        ids,
        streams,
        call.streamed(),
        spent,
        (answer, fault, used) ->
            spent != null // there are at most two attempts
                ? null
                : chat(
                    form,
                    CallDescriptor.of(form.kind(), request, false, ids.get(), call.context()),
                    route,
                    request.withMessages(
                        AnswerFormat.askedAgain(request.messages(), answer, fault)),
                    scope,
                    used));
  }

  /**
   * Returns the answer to a completion request.
   *
   * @throws InvalidRequestException naming the field that is invalid or not supported
   */
  GeneratedAnswer<Completion, Completion> completion(
      CallDescriptor call, Route route, CreateCompletionRequest request, CallScope scope) {
    Prepared prepared = CompletionPreparation.of(route, request);
    boolean echoes =
        Boolean.TRUE.equals(request.echo()) && !route.requireDialect().carries(RequestField.ECHO);
    AnswerForm<Completion, Completion> form = AnswerForm.COMPLETION;
    AnswerMetadata head =
        head(form.idPrefix(), call, route, prepared.droppedParams(), scope)
            .withText(prepared, request, echoes ? prepared.echoes() : List.of());
    return new GeneratedAnswer<>(
        form,
        prepared,
        head,
        scope,
        ids,
        streams,
        call.streamed(),
        null,
        (answer, fault, spent) -> null);
  }

  /** Returns the data of an answer. Reports the fields that have no effect. */
  private AnswerMetadata head(
      String idPrefix, CallDescriptor call, Route route, List<String> dropped, CallScope scope) {
    scope.setDroppedParams(dropped);
    droppedFields.log(route, dropped);
    return new AnswerMetadata(
        idPrefix + call.idSuffix(),
        clock.instant().getEpochSecond(),
        models.nameInAnswer(call.model(), route),
        dropped);
  }
}
