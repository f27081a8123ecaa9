package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.AnswerFormat;
import io.github.openaikserve.internal.request.BatchPreparation;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.CallDescriptor;
import io.github.openaikserve.internal.request.ChatPreparation;
import io.github.openaikserve.internal.request.CompletionPreparation;
import io.github.openaikserve.internal.request.DroppedFieldsLog;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.request.RequestFields;
import io.github.openaikserve.internal.request.ToolChoice;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.GenerationRequest;
import io.github.openaikserve.openai.StreamOptions;
import io.github.openaikserve.time.Scheduler;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The engine that prepares the answers to requests. Thread-safe.
 *
 * <p>All errors of a request are reported before anything is sent.
 */
public final class Engine {
  /** The only service tier. */
  private static final String DEFAULT_TIER = "default";

  private static final String REQUEST_ID = "x-request-id";

  private final ModelRegistry models;
  private final Supplier<String> ids;
  private final InstantSource clock;
  private final CompositeListener listeners;
  private final Scheduler scheduler;
  private final StreamSupport streams;
  private final UnaryOperator<CreateChatCompletionRequest> chatRequests;
  private final DroppedFieldsLog droppedFields = new DroppedFieldsLog();
  private final RunningCalls running = new RunningCalls();

  /**
   * Creates an engine.
   *
   * @param ids supplies a new random id for each answer
   * @param clock supplies the creation times of answers
   * @param scheduler measures time limits
   * @param chatRequests changes each chat request before it is processed
   */
  public Engine(
      ModelRegistry models,
      Supplier<String> ids,
      InstantSource clock,
      CompositeListener listeners,
      Scheduler scheduler,
      UnaryOperator<CreateChatCompletionRequest> chatRequests) {
    this.chatRequests = chatRequests;
    this.models = models;
    this.ids = ids;
    this.clock = clock;
    this.listeners = listeners;
    this.scheduler = scheduler;
    this.streams = new StreamSupport(scheduler);
  }

  /** Returns the running calls. */
  public RunningCalls running() {
    return running;
  }

  /**
   * Prepares the answer to a chat request.
   *
   * @param stream whether the answer is emitted while it is generated
   * @return fails with {@link InvalidRequestException}
   */
  public CompletableFuture<GeneratedAnswer<ChatCompletionChunk, ChatCompletion>> chat(
      CreateChatCompletionRequest request, boolean stream, CallContext context) {
    return chat(request, stream, context, false);
  }

  /**
   * Prepares the answer to a chat request.
   *
   * @param stream whether the answer is emitted while it is generated
   * @param legacyFunctions whether the client sent {@code functions} and expects a {@code
   *     function_call}
   * @return fails with {@link InvalidRequestException}, or with the exception of the hook for chat
   *     requests
   */
  public CompletableFuture<GeneratedAnswer<ChatCompletionChunk, ChatCompletion>> chat(
      CreateChatCompletionRequest received,
      boolean stream,
      CallContext context,
      boolean legacyFunctions) {
    return chat(new PlainChat(received, legacyFunctions), stream, context);
  }

  /**
   * Prepares the answer to a chat request of another API.
   *
   * @param stream whether the answer is emitted while it is generated
   * @return fails with {@link InvalidRequestException}, or with the exception of the hook for chat
   *     requests
   */
  public <C, A> CompletableFuture<GeneratedAnswer<C, A>> chat(
      ChatForm<C, A> form, boolean stream, CallContext context) {
    return prepare(
        () -> {
          CreateChatCompletionRequest request = withHook(form.chat());
          return new Preparation<>(
              descriptor(form, request, stream),
              (call, route, scope) -> {
                try {
                  return chat(form, call, route, request, scope, null);
                } catch (InvalidRequestException e) {
                  throw form.renamed(e);
                }
              });
        },
        context);
  }

  /**
   * Returns the number of tokens of the prompt that a chat request of another API would send. Uses
   * the route's counter, which may be an estimate. Sends nothing.
   *
   * @return fails with {@link InvalidRequestException}, or with the exception of the hook for chat
   *     requests
   */
  public CompletableFuture<Integer> promptTokens(ChatForm<?, ?> form, CallContext context) {
    return prompt(form, context).thenApply(RenderedPrompt::countTokens);
  }

  /**
   * Returns the prompt that a chat request would send. Sends nothing.
   *
   * @return fails with {@link InvalidRequestException}, or with the exception of the hook for chat
   *     requests
   */
  public CompletableFuture<RenderedPrompt> prompt(
      CreateChatCompletionRequest request, CallContext context) {
    return prompt(new PlainChat(request, false), context);
  }

  private CompletableFuture<RenderedPrompt> prompt(ChatForm<?, ?> form, CallContext context) {
    CreateChatCompletionRequest request = withHook(form.chat());
    CallDescriptor call = descriptor(form, request, false);
    return models
        .find(call.model(), affinityKey(call, context))
        .thenApply(
            route -> {
              try {
                Prepared prepared = form.prepared(route, request);
                return RenderedPrompt.of(prepared, form.droppedParams(prepared));
              } catch (InvalidRequestException e) {
                throw form.renamed(e);
              }
            });
  }

  private CallDescriptor descriptor(
      ChatForm<?, ?> form, CreateChatCompletionRequest request, boolean stream) {
    return CallDescriptor.chat(form.kind(), request, stream, ids.get(), form.legacyFunctions());
  }

  /** A chat request of OpenAI's chat completions API. */
  private record PlainChat(CreateChatCompletionRequest chat, boolean legacyFunctions)
      implements ChatForm<ChatCompletionChunk, ChatCompletion> {
    @Override
    public CallKind kind() {
      return CallKind.CHAT;
    }

    @Override
    public AnswerKind<ChatCompletionChunk, ChatCompletion> answers() {
      return AnswerKind.CHAT;
    }
  }

  /**
   * Prepares the answer to a text completion request.
   *
   * @param stream whether the answer is emitted while it is generated
   * @return fails with {@link InvalidRequestException}
   */
  public CompletableFuture<GeneratedAnswer<Completion, Completion>> completion(
      CreateCompletionRequest request, boolean stream, CallContext context) {
    return prepare(
        () ->
            new Preparation<>(
                CallDescriptor.completion(request, stream, ids.get()),
                (call, route, scope) -> completion(call, route, request, scope)),
        context);
  }

  /**
   * Prepares an answer made of tensors.
   *
   * @param stream whether the answer is emitted while it is created
   * @return fails with {@link InvalidRequestException}
   */
  public <R extends AbstractRequest, A> CompletableFuture<BatchAnswer<A>> batches(
      BatchApi<R, A> api, R request, boolean stream, CallContext context) {
    return prepare(
        () ->
            new Preparation<>(
                CallDescriptor.batches(api.kind(), request.model(), stream, ids.get()),
                (call, route, scope) -> batches(api, request, call, route, scope)),
        context);
  }

  /** Prepares an unstreamed answer made of tensors. */
  public <R extends AbstractRequest, A> CompletableFuture<BatchAnswer<A>> batches(
      BatchApi<R, A> api, R request, CallContext context) {
    return batches(api, request, false, context);
  }

  private <R extends AbstractRequest, A> BatchAnswer<A> batches(
      BatchApi<R, A> api, R request, CallDescriptor call, Route route, CallScope scope) {
    BatchForm<A> form = api.form().apply(request);
    List<String> dropped = BatchPreparation.check(route, form.request());
    scope.setDroppedParams(dropped);
    droppedFields.log(route, dropped);
    var head =
        new BatchHead(
            api.idPrefix() + call.idSuffix(),
            clock.instant().getEpochSecond(),
            models.nameInAnswer(call.model(), route),
            dropped);
    return new BatchAnswer<>(route, form, head, scope);
  }

  /** A factory of the answer for a route. */
  private interface AnswerFactory<A> {
    A create(CallDescriptor call, Route route, CallScope scope);
  }

  /** The part of an answer that is known before its route: its call, and how it is created. */
  private record Preparation<A>(CallDescriptor call, AnswerFactory<A> factory) {}

  /**
   * Finds the route and creates the answer. An exception of an application's function fails the
   * answer.
   */
  private <A> CompletableFuture<A> prepare(Supplier<Preparation<A>> supplier, CallContext context) {
    var scope = new CallScope(scheduler, running);
    CompletableFuture<Route> found;
    Preparation<A> preparation;
    try {
      preparation = supplier.get();
      CallDescriptor call = preparation.call();
      found =
          scope
              .deadline()
              .within(
                  models.find(call.model(), affinityKey(call, context)),
                  context.total(call.streamed()));
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
    return found.thenApply(
        route -> {
          try {
            resolve(scope, route, preparation.call(), context);
            return preparation.factory().create(preparation.call(), route, scope);
          } catch (RuntimeException | Error e) {
            scope.failBeforeCall(e);
            throw e;
          }
        });
  }

  /** Returns a request after the application's hook for chat requests. */
  private CreateChatCompletionRequest withHook(CreateChatCompletionRequest request) {
    return Objects.requireNonNull(
        chatRequests.apply(request), "the hook for chat requests returned null");
  }

  private static @Nullable String affinityKey(CallDescriptor call, CallContext context) {
    return call.affinityKey() == null ? context.affinityKey() : call.affinityKey();
  }

  private void resolve(CallScope scope, Route route, CallDescriptor call, CallContext context) {
    String requestId = context.requestId() == null ? "req_" + call.idSuffix() : context.requestId();
    Map<String, String> headers = new HashMap<>(context.metadata());
    headers.put(REQUEST_ID, requestId);
    scope.reportTo(route.feedback());
    scope.resolve(
        context.timeouts(route, call.streamed()),
        route.timeouts(),
        new CallMetadata(
            requestId,
            headers,
            affinityKey(call, context),
            context.queueKey() == null ? requestId : context.queueKey()),
        telemetry(requestId, route, call, context));
  }

  private @Nullable CallTelemetry telemetry(
      String requestId, Route route, CallDescriptor call, CallContext context) {
    return listeners.areNone()
        ? null
        : listeners.of(
            CallInfo.builder(requestId, route.id(), call.kind())
                .model(call.model())
                .serverModel(route.modelName())
                .streamed(call.streamed())
                .headers(context.headers())
                .attributes(context.attributes())
                .build());
  }

  /**
   * Creates the answer to a chat request.
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
    return answer(
        form.answers(),
        prepared,
        head(form.answers(), call, prepared, request, List.of()),
        call,
        scope,
        spent,
        (failure, used) ->
            spent != null // there are at most two attempts
                ? null
                : chat(
                    form,
                    descriptor(form, request, false),
                    route,
                    request.withMessages(
                        AnswerFormat.askedAgain(
                            request.messages(), failure.answer(), failure.getMessage())),
                    scope,
                    used));
  }

  private GeneratedAnswer<Completion, Completion> completion(
      CallDescriptor call, Route route, CreateCompletionRequest request, CallScope scope) {
    Prepared prepared = CompletionPreparation.of(route, request);
    boolean echoes =
        Boolean.TRUE.equals(request.echo()) && !route.requireDialect().carries(RequestField.ECHO);
    return answer(
        AnswerKind.COMPLETION,
        prepared,
        head(AnswerKind.COMPLETION, call, prepared, request, echoes ? echoes(prepared) : List.of()),
        call,
        scope,
        null,
        (failure, spent) -> null);
  }

  private <C, A> GeneratedAnswer<C, A> answer(
      AnswerKind<C, A> kind,
      Prepared prepared,
      AnswerMetadata head,
      CallDescriptor call,
      CallScope scope,
      @Nullable CompletionUsage spent,
      GeneratedAnswer.Retry<C, A> retry) {
    scope.setDroppedParams(prepared.droppedParams());
    droppedFields.log(prepared.route(), prepared.droppedParams());
    return new GeneratedAnswer<>(
        kind, prepared, head, scope, ids, streams, call.streamed(), spent, retry);
  }

  private AnswerMetadata head(
      AnswerKind<?, ?> kind,
      CallDescriptor call,
      Prepared prepared,
      GenerationRequest request,
      List<String> echoes) {
    StreamOptions options = request.streamOptions();
    return new AnswerMetadata(
        kind.idPrefix() + call.idSuffix(),
        clock.instant().getEpochSecond(),
        models.nameInAnswer(call.model(), prepared.route()),
        prepared.choices(),
        options != null && Boolean.TRUE.equals(options.includeUsage()),
        prepared.plan().legacyFunctions(),
        echoes,
        prepared.droppedParams(),
        () -> RenderedPrompt.of(prepared, List.of()).countTokens(),
        request.extra().get("service_tier") == null ? null : DEFAULT_TIER,
        metadata(request.extra().get("metadata")));
  }

  /** Returns the metadata of a request; empty if it is not an object. */
  private static Map<String, @Nullable Object> metadata(@Nullable Object value) {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> entries) {
      entries.forEach((name, entry) -> metadata.put(String.valueOf(name), entry));
    }
    return metadata;
  }

  private static List<String> echoes(Prepared prepared) {
    return prepared.prompts().stream()
        .flatMap(prompt -> Collections.nCopies(prepared.perPrompt(), prompt.prompt()).stream())
        .toList();
  }

  /**
   * Returns an explanation of what would be sent for a chat request. Sends nothing.
   *
   * @throws InvalidRequestException if no model has the name. Other problems are part of the
   *     explanation
   */
  public Explanation explain(CreateChatCompletionRequest received) {
    CreateChatCompletionRequest request = withHook(received);
    Route route = models.known(request.model());
    return Explanations.of(
        route,
        Boolean.TRUE.equals(request.stream()),
        () -> RequestFields.of(route, request, ToolChoice.leniently(request)),
        () -> ChatPreparation.of(route, request, false));
  }

  /**
   * Returns an explanation of what would be sent for a text completion request. Sends nothing.
   *
   * @throws InvalidRequestException if no model has the name. Other problems are part of the
   *     explanation
   */
  public Explanation explain(CreateCompletionRequest request) {
    Route route = models.known(request.model());
    return Explanations.of(
        route,
        Boolean.TRUE.equals(request.stream()),
        () -> RequestFields.of(route, request),
        () -> CompletionPreparation.of(route, request));
  }

  /**
   * Returns an explanation of what would be sent for a request answered by tensors. Sends nothing.
   *
   * @throws InvalidRequestException if no model has the name. Other problems are part of the
   *     explanation
   */
  public <R extends AbstractRequest> Explanation explain(BatchApi<R, ?> api, R request) {
    return Explanations.of(models.known(request.model()), api.form().apply(request).request());
  }
}
