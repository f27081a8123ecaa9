package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.EmbeddingVectors;
import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.AnswerFormat;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.CallDescriptor;
import io.github.openaikserve.internal.request.ChatPreparation;
import io.github.openaikserve.internal.request.CompletionPreparation;
import io.github.openaikserve.internal.request.FieldHandlings;
import io.github.openaikserve.internal.request.OutputPlan;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.request.RequestFields;
import io.github.openaikserve.internal.request.ToolChoice;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.StreamOptions;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request into a call that is ready to be made. Thread-safe.
 *
 * <p>Everything that can be wrong with the request is said here, before anything is sent. Streamed
 * and whole answers take the same path; a whole one is folded from the same chunks.
 */
public final class Engine {
  private final ModelRegistry routes;
  private final Supplier<String> ids;
  private final InstantSource clock;
  private final Watches watches;
  private final Set<String> withoutStreams = ConcurrentHashMap.newKeySet();

  /**
   * An engine over routes.
   *
   * @param ids gives a new random word for each answer
   * @param clock tells when an answer was made
   * @param watches watch over the calls
   */
  public Engine(ModelRegistry routes, Supplier<String> ids, InstantSource clock, Watches watches) {
    this.routes = routes;
    this.ids = ids;
    this.clock = clock;
    this.watches = watches;
  }

  /** Returns the calls that run. */
  public RunningCalls running() {
    return watches.running();
  }

  /**
   * A chat.
   *
   * @param stream whether the answer is wanted in chunks as they come
   * @return fails with {@link InvalidRequestException}
   */
  public CompletableFuture<Call<ChatCompletionChunk, ChatCompletion>> chat(
      CreateChatCompletionRequest request, boolean stream, CallContext context) {
    return routes
        .find(request.model())
        .thenApply(
            route -> {
              var asked = CallDescriptor.chat(request, stream, ids.get());
              return watches.over(
                  route, asked, context, watch -> chat(route, request, asked, watch, null));
            });
  }

  /**
   * A completion.
   *
   * @param stream whether the answer is wanted in pieces as they come
   * @return fails with {@link InvalidRequestException}
   */
  public CompletableFuture<Call<Completion, Completion>> completion(
      CreateCompletionRequest request, boolean stream, CallContext context) {
    return routes
        .find(request.model())
        .thenApply(
            route -> {
              var asked = CallDescriptor.completion(request, stream, ids.get());
              return watches.over(
                  route, asked, context, watch -> completion(route, request, asked, watch));
            });
  }

  /**
   * What would become of a request for a chat; nothing is sent.
   *
   * @throws InvalidRequestException if no model has the name; what else is wrong is explained
   */
  public Explanation explain(CreateChatCompletionRequest request) {
    Route route = routes.known(request.model());
    return Explanations.of(
        route,
        Boolean.TRUE.equals(request.stream()),
        RequestFields.of(request, ToolChoice.leniently(request)),
        () -> ChatPreparation.of(route, request));
  }

  /**
   * What would become of a request for completions; nothing is sent.
   *
   * @throws InvalidRequestException if no model has the name; what else is wrong is explained
   */
  public Explanation explain(CreateCompletionRequest request) {
    Route route = routes.known(request.model());
    return Explanations.of(
        route,
        Boolean.TRUE.equals(request.stream()),
        RequestFields.of(request),
        () -> CompletionPreparation.of(route, request));
  }

  /**
   * What would become of a request for embeddings; nothing is sent.
   *
   * @throws InvalidRequestException if no model has the name; what else is wrong is explained
   */
  public Explanation explain(CreateEmbeddingRequest request) {
    return Explanations.of(routes.known(request.model()), request);
  }

  /**
   * Embeddings.
   *
   * @return fails with {@link InvalidRequestException}
   */
  public CompletableFuture<Call<EmbeddingVectors, CreateEmbeddingResponse>> embedding(
      CreateEmbeddingRequest request, CallContext context) {
    return routes
        .find(request.model())
        .thenApply(
            route -> {
              var asked = CallDescriptor.embedding(request, ids.get());
              return watches.over(
                  route, asked, context, watch -> EmbeddingCalls.of(route, request, watch));
            });
  }

  /**
   * A call for a chat.
   *
   * @param spent what the first try of a second one used up; null for a first try
   */
  private Call<ChatCompletionChunk, ChatCompletion> chat(
      Route route,
      CreateChatCompletionRequest request,
      CallDescriptor asked,
      CallWatch watch,
      @Nullable CompletionUsage spent) {
    Prepared prepared = ChatPreparation.of(route, request);
    FieldHandlings.log(route, prepared.droppedParams());
    AnswerHead head = head("chatcmpl-", route, asked);
    boolean usage = !asked.streamed() || includeUsage(request.streamOptions());
    Choices choices = choices(prepared, spent);
    watch.settled(prepared.droppedParams(), choices);
    var writer = new ChatChunkWriter(head, choices, usage, prepared.plan().olderForm());
    Source<?, ChoiceEvent> events = branches(prepared, asked.streamed(), choices, watch);
    var fold = new ChatFold(head, prepared.droppedParams());
    AnswerFormat format = prepared.format();
    if (format == null) {
      return new Call<>(Chunks.of(events, writer), fold, prepared.droppedParams(), watch);
    }
    var checker = new AnswerChecker(format);
    return new Call<>(
        Chunks.of(events.andThen(checker), writer),
        fold,
        prepared.droppedParams(),
        watch,
        failure -> spent == null ? again(route, request, failure, watch, checker.spent()) : null);
  }

  /** Another try, if the answer was in the wrong form; there is no third. */
  private @Nullable Call<ChatCompletionChunk, ChatCompletion> again(
      Route route,
      CreateChatCompletionRequest request,
      Throwable failure,
      CallWatch watch,
      CompletionUsage spent) {
    if (!(failure instanceof InvalidAnswerException invalid)) {
      return null;
    }
    return chat(
        route,
        request.withMessages(
            AnswerFormat.askedAgain(request.messages(), invalid.answer(), invalid.getMessage())),
        CallDescriptor.chat(request, false, ids.get()),
        watch,
        spent);
  }

  private Call<Completion, Completion> completion(
      Route route, CreateCompletionRequest request, CallDescriptor asked, CallWatch watch) {
    Prepared prepared = CompletionPreparation.of(route, request);
    FieldHandlings.log(route, prepared.droppedParams());
    AnswerHead head = head("cmpl-", route, asked);
    boolean usage = !asked.streamed() || includeUsage(request.streamOptions());
    Choices choices = choices(prepared, null);
    watch.settled(prepared.droppedParams(), choices);
    var writer =
        new CompletionChunkWriter(
            head,
            choices,
            Boolean.TRUE.equals(request.echo()) ? echoes(prepared) : List.of(),
            usage);
    return new Call<>(
        Chunks.of(branches(prepared, asked.streamed(), choices, watch), writer),
        new CompletionFold(head, prepared.droppedParams()),
        prepared.droppedParams(),
        watch);
  }

  private Source<?, ChoiceEvent> branches(
      Prepared prepared, boolean stream, Choices choices, CallWatch watch) {
    return Branches.of(
        prepared.prompts(),
        prepared.perPrompt(),
        prepared.route().atOnce(),
        generation -> events(prepared, generation, stream, choices, watch));
  }

  private Source<?, GenerationEvent> events(
      Prepared prepared, Generation generation, boolean stream, Choices choices, CallWatch watch) {
    var call =
        new GenerationCall(
            prepared.route(), generation, stream, prepared.trimsAnswer(), withoutStreams, watch);
    choices.counts(call.reader());
    Source<?, GenerationEvent> text = new Source<>(call, call.reader(), call.reader());
    OutputPlan plan = prepared.plan();
    return plan.readsNothing()
        ? text
        : text.andThen(new OutputParser(plan, generation.prompt(), ids, stream));
  }

  private static Choices choices(Prepared prepared, @Nullable CompletionUsage spent) {
    return new Choices(
        prepared.choices(),
        prepared.perPrompt(),
        spent == null ? new CompletionUsage(0, 0, false) : spent);
  }

  private static List<String> echoes(Prepared prepared) {
    return prepared.prompts().stream()
        .flatMap(prompt -> Collections.nCopies(prepared.perPrompt(), prompt.prompt()).stream())
        .toList();
  }

  private AnswerHead head(String prefix, Route route, CallDescriptor asked) {
    return new AnswerHead(
        prefix + asked.word(),
        clock.instant().getEpochSecond(),
        asked.model() == null ? route.id() : asked.model());
  }

  private static boolean includeUsage(@Nullable StreamOptions options) {
    return options != null && Boolean.TRUE.equals(options.includeUsage());
  }
}
