package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.batch.BatchAnswer;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.answer.call.CallScope;
import io.github.openaikserve.internal.answer.call.CompositeListener;
import io.github.openaikserve.internal.answer.call.RunningCalls;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.CallDescriptor;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.request.RenderedPrompt;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.time.Scheduler;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The engine that prepares the answers to requests. Thread-safe.
 *
 * <p>All errors of a request are reported before anything is sent.
 */
public final class Engine {
  private final ModelRegistry models;
  private final Supplier<String> ids;
  private final CompositeListener listeners;
  private final Scheduler scheduler;
  private final AnswerFactory answers;
  private final UnaryOperator<CreateChatCompletionRequest> chatRequests;
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
    this.chatRequests =
        request ->
            Objects.requireNonNull(
                chatRequests.apply(request), "the hook for chat requests returned null");
    this.models = models;
    this.ids = ids;
    this.listeners = listeners;
    this.scheduler = scheduler;
    this.answers = new AnswerFactory(models, ids, clock, new StreamSupport(scheduler));
  }

  /** Returns the running calls. */
  public RunningCalls running() {
    return running;
  }

  /** Returns the explanations of requests. */
  public Explanations explanations() {
    return new Explanations(models, chatRequests);
  }

  /**
   * Prepares the answer to a chat request.
   *
   * @param stream whether the answer is emitted while it is generated
   * @return fails with {@link InvalidRequestException}
   */
  public CompletableFuture<GeneratedAnswer<ChatCompletionChunk, ChatCompletion>> chat(
      CreateChatCompletionRequest request, boolean stream, CallContext context) {
    return chat(ChatForm.of(request), stream, context);
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
          CreateChatCompletionRequest request = chatRequests.apply(form.chat());
          var call = CallDescriptor.of(form.kind(), request, stream, ids.get(), context);
          return new Preparation<>(
              call,
              (route, scope) ->
                  renamed(form, () -> answers.chat(form, call, route, request, scope)));
        },
        context);
  }

  /** Returns a value, or fails with the names of the form's fields. */
  private static <T> T renamed(ChatForm<?, ?> form, Supplier<T> supplier) {
    try {
      return supplier.get();
    } catch (InvalidRequestException e) {
      throw form.renamed(e);
    }
  }

  /**
   * Returns the prompt that a chat request would send. Sends nothing.
   *
   * @return fails with {@link InvalidRequestException}, or with the exception of the hook for chat
   *     requests
   */
  public CompletableFuture<RenderedPrompt> prompt(ChatForm<?, ?> form, CallContext context) {
    CreateChatCompletionRequest request = chatRequests.apply(form.chat());
    var call = CallDescriptor.of(form.kind(), request, false, ids.get(), context);
    return models
        .find(call.model(), call.affinityKey())
        .thenApply(
            route ->
                renamed(
                    form,
                    () -> {
                      Prepared prepared = form.prepared(route, request);
                      return RenderedPrompt.of(prepared, form.droppedParams(prepared));
                    }));
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
        () -> {
          var call = CallDescriptor.of(CallKind.COMPLETION, request, stream, ids.get(), context);
          return new Preparation<>(
              call, (route, scope) -> answers.completion(call, route, request, scope));
        },
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
        () -> {
          var call = CallDescriptor.of(api.kind(), request, stream, ids.get(), context);
          return new Preparation<>(
              call, (route, scope) -> answers.batches(api, request, call, route, scope));
        },
        context);
  }

  /** Prepares an unstreamed answer made of tensors. */
  public <R extends AbstractRequest, A> CompletableFuture<BatchAnswer<A>> batches(
      BatchApi<R, A> api, R request, CallContext context) {
    return batches(api, request, false, context);
  }

  /** The part of an answer that is known before its route: its call, and how it is created. */
  private record Preparation<A>(CallDescriptor call, BiFunction<Route, CallScope, A> factory) {}

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
                  models.find(call.model(), call.affinityKey()), context.total(call.streamed()));
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
    return found.thenApply(
        route -> {
          try {
            CallDescriptor call = preparation.call();
            scope.reportTo(route.feedback());
            scope.resolve(
                context.timeouts(route, call.streamed()),
                route.timeouts(),
                call,
                listeners.areNone() ? null : listeners.of(call.info(route)));
            return preparation.factory().apply(route, scope);
          } catch (Throwable e) {
            scope.failBeforeCall(e);
            throw e;
          }
        });
  }
}
