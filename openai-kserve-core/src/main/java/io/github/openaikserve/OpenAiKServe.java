package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.internal.answer.CompositeListener;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.http.HttpSettings;
import io.github.openaikserve.internal.http.Router;
import io.github.openaikserve.internal.model.DiscoveredModels;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.model.RegisteredModel;
import io.github.openaikserve.internal.request.HeaderRules;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.resilience.Load;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.time.Scheduler;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's API over a model server. Immutable and thread-safe; make one and share it.
 *
 * <pre>{@code
 * var openai = OpenAiKServe.builder(backend)
 *     .model("llamacpp", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
 *     .build();
 * ChatCompletion completion = openai.chatCompletions().create(r -> r.user("What is a tensor?"));
 * }</pre>
 *
 * <p>Holds no resources. Closing the backend remains the caller's responsibility.
 */
public final class OpenAiKServe {
  private final Engine engine;
  private final ModelRegistry routes;
  private final ChatCompletions chatCompletions;
  private final Completions completions;
  private final Embeddings embeddings;
  private final Models models;
  private final OpenAiHandler httpHandler;
  private final Map<String, Load> loads;

  private OpenAiKServe(Builder builder) {
    var defaults =
        new ModelBuilder.Defaults(
            builder.backend,
            builder.clock.instant().getEpochSecond(),
            builder.strict,
            builder.limits,
            builder.scheduler);
    List<RegisteredModel> configured = builder.models.stream().map(m -> m.build(defaults)).toList();
    List<DiscoveredModels> discovered =
        builder.discoveries.stream().map(discovery -> discovery.apply(defaults)).toList();
    routes = new ModelRegistry(configured, builder.defaultModel, discovered, builder.scheduler);
    var observers = new CompositeListener(builder.listeners);
    engine =
        new Engine(
            routes, builder.ids, builder.clock, observers, builder.scheduler, builder.chatRequests);
    loads =
        configured.stream()
            .filter(model -> model.load().isPresent())
            .collect(
                Collectors.toUnmodifiableMap(
                    RegisteredModel::id, model -> model.load().orElseThrow()));
    chatCompletions = new ChatCompletions(engine);
    completions = new Completions(engine);
    embeddings = new Embeddings(engine);
    models = new Models(routes);
    httpHandler =
        new Router(
            engine,
            routes,
            builder.ids,
            new HttpSettings(
                builder.keepAlive,
                builder.abortFailedStreams,
                builder.executor,
                builder.forwardedHeaders,
                observers.headers(),
                builder.affinityHeader,
                builder.scheduler,
                builder.limits));
  }

  private static ModelBuilder configured(String id, Consumer<ModelBuilder> model) {
    var builder = new ModelBuilder(id);
    model.accept(builder);
    return builder;
  }

  /** Returns a builder whose models each have their own backend. */
  public static Builder builder() {
    return new Builder(null);
  }

  /**
   * Returns a builder whose models use a backend, unless they have their own. Closing it remains
   * the caller's responsibility.
   */
  public static Builder builder(InferenceBackend backend) {
    return new Builder(Objects.requireNonNull(backend, "backend"));
  }

  /** {@code /v1/chat/completions}. */
  public ChatCompletions chatCompletions() {
    return chatCompletions;
  }

  /** {@code /v1/completions}. */
  public Completions completions() {
    return completions;
  }

  /** {@code /v1/embeddings}. */
  public Embeddings embeddings() {
    return embeddings;
  }

  /** {@code /v1/models}. */
  public Models models() {
    return models;
  }

  /**
   * Explains how a request for a chat would be handled, without sending anything.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if no model has the name; other
   *     faults of the request are in the explanation
   * @throws io.github.openaikserve.error.DialectException if the model's dialect is unknown, or not
   *     detected yet, which {@link #check} does
   * @throws io.github.openaikserve.error.BackendException if the server failed to describe the
   *     model
   */
  public Explanation explain(CreateChatCompletionRequest request) {
    return Explanation.of(engine.explain(request));
  }

  /**
   * Explains a request for completions, as {@link #explain(CreateChatCompletionRequest)} does for a
   * chat.
   */
  public Explanation explain(CreateCompletionRequest request) {
    return Explanation.of(engine.explain(request));
  }

  /**
   * Explains a request for embeddings, as {@link #explain(CreateChatCompletionRequest)} does for a
   * chat.
   */
  public Explanation explain(CreateEmbeddingRequest request) {
    return Explanation.of(engine.explain(request));
  }

  /** Returns the load of the models with a concurrency limit, by their ids. */
  public Map<String, Load> loads() {
    return loads;
  }

  /**
   * Checks every model against its server's metadata and reports why a discovered model cannot be
   * served. Blocks until all servers have answered or failed; a server that does not answer fails
   * after ten seconds. Failures are findings, so this does not throw.
   */
  public List<ModelCheck> check() {
    return Blocking.await(checkAsync());
  }

  /** Checks every model as {@link #check} does, without blocking. Never fails. */
  public CompletableFuture<List<ModelCheck>> checkAsync() {
    return routes.check();
  }

  /** Returns the API as a handler of HTTP requests, for any HTTP server. */
  public OpenAiHandler httpHandler() {
    return httpHandler;
  }

  /** A builder of a service. Not thread-safe. */
  public static final class Builder {
    private static final Duration MIN_KEEP_ALIVE = Duration.ofMillis(2);

    private final @Nullable InferenceBackend backend;
    private final List<ModelBuilder> models = new ArrayList<>();
    private final List<Function<ModelBuilder.Defaults, DiscoveredModels>> discoveries =
        new ArrayList<>();
    private @Nullable String defaultModel;
    private boolean strict;
    private Supplier<String> ids = randomIds();
    private InstantSource clock = InstantSource.system();
    private Scheduler scheduler = Scheduler.SHARED;
    private final List<CallListener> listeners = new ArrayList<>();
    private final List<String> forwardedHeaders = new ArrayList<>();
    private @Nullable String affinityHeader;
    private @Nullable Duration keepAlive = Duration.ofSeconds(15);
    private boolean abortFailedStreams;
    private @Nullable Executor executor;
    private UnaryOperator<CreateChatCompletionRequest> chatRequests = UnaryOperator.identity();
    private RequestLimits limits = RequestLimits.ofDefaults();

    private Builder(@Nullable InferenceBackend backend) {
      this.backend = backend;
    }

    /** Serves a model of a dialect. The first model is the default. */
    public Builder model(String id, Dialect dialect) {
      return model(id, m -> m.dialect(dialect));
    }

    /**
     * Serves a model. The first model is the default for requests that name no model, unless {@link
     * #defaultModel} is set.
     */
    public Builder model(String id, Consumer<ModelBuilder> model) {
      models.add(configured(id, model));
      return this;
    }

    /** Sets the model for requests that name no model, by its id or an alias. */
    public Builder defaultModel(String name) {
      this.defaultModel = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Serves every model that the server lists as ready and whose dialect is detected, under the
     * server's name, in addition to the configured models; see {@link Dialects#detect}. The server
     * is asked when models are listed and when an unknown model is called, at most once a second.
     * {@link OpenAiKServe#check} reports which models are not served, and why.
     */
    public Builder discover() {
      return discover(each -> {});
    }

    /**
     * Serves the server's models as {@link #discover()} does, with settings for each of them.
     *
     * @param each configures one model, which {@link ModelBuilder#id} names; a model with a dialect
     *     is not detected. A model for which this throws is not served: the reason is logged and in
     *     the findings of {@link OpenAiKServe#check}. Called again with each listing until it
     *     succeeds
     */
    public Builder discover(Consumer<ModelBuilder> each) {
      return discoverAt(null, Objects.requireNonNull(each, "each"));
    }

    /** Serves the models of another server than that of the builder's backend. */
    public Builder discover(InferenceBackend backend, Consumer<ModelBuilder> each) {
      return discoverAt(
          Objects.requireNonNull(backend, "backend"), Objects.requireNonNull(each, "each"));
    }

    private Builder discoverAt(@Nullable InferenceBackend other, Consumer<ModelBuilder> each) {
      discoveries.add(
          service -> {
            InferenceBackend server = other == null ? service.backend() : other;
            if (server == null) {
              throw new IllegalArgumentException("models cannot be discovered without a backend");
            }
            ModelBuilder.Defaults defaults = service.withBackend(server);
            return new DiscoveredModels(
                server, name -> configured(name, each).discovered(defaults), defaults.scheduler());
          });
      return this;
    }

    /** Rejects request fields that would have no effect, instead of dropping them. */
    public Builder strict() {
      strict = true;
      return this;
    }

    /** Sets the source of the random part of ids (default: {@link SecureRandom}). */
    public Builder ids(Supplier<String> ids) {
      this.ids = Objects.requireNonNull(ids, "ids");
      return this;
    }

    /** Sets the clock for {@code created} (default: the system's). */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Sets the scheduler, by which timeouts, keep-alive and the refresh of models measure time
     * (default: {@link Scheduler#SHARED}).
     */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
      return this;
    }

    /** Adds a listener that is notified of every call. Listeners are notified in their order. */
    public Builder listener(CallListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Forwards these headers of HTTP requests to the model server (default: none). A value that is
     * not printable ASCII is omitted.
     *
     * @throws IllegalArgumentException if a model server cannot be sent such a header
     */
    public Builder forwardHeaders(String... names) {
      Stream.of(names).map(HeaderRules::name).forEach(forwardedHeaders::add);
      return this;
    }

    /**
     * Sets the header by whose value requests reach the same endpoint of a {@code BalancedBackend},
     * such as a session id, so that the model server's prompt cache is used (default: none). A
     * request's own {@code prompt_cache_key} comes first.
     *
     * @throws IllegalArgumentException if the name is not that of a header
     */
    public Builder affinityHeader(String name) {
      affinityHeader = HeaderRules.name(name);
      return this;
    }

    /**
     * Sets how long a stream over HTTP may be silent before it gets a comment, which clients ignore
     * and proxies count as activity (default: 15 s). A response that has not begun by then begins
     * with status 200, so a later failure is an {@code error} event.
     *
     * @param interval null for no comments
     * @throws IllegalArgumentException if the interval is less than 2 ms
     */
    public Builder keepAlive(@Nullable Duration interval) {
      if (interval != null && interval.compareTo(MIN_KEEP_ALIVE) < 0) {
        throw new IllegalArgumentException("keepAlive must be at least 2 ms, was " + interval);
      }
      this.keepAlive = interval;
      return this;
    }

    /**
     * Sets whether a stream that fails also fails its body after the {@code error} event, so that
     * the HTTP layer breaks the connection (default: false). For clients that take a stream with an
     * error event for a complete one, such as Spring AI 1.x.
     */
    public Builder abortFailedStreams(boolean abort) {
      this.abortFailedStreams = abort;
      return this;
    }

    /**
     * Sets what completes the responses of {@link OpenAiKServe#httpHandler} (default: the thread
     * that made the response, usually the backend's, which continuations must not block).
     */
    public Builder executor(Executor executor) {
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Sets a function that changes each chat request, over HTTP and from Java, before anything else
     * is done with it: it can add a system message, choose the model or set a limit (default:
     * none). It may be called from several threads at once. A change of {@code stream} or {@code
     * stream_options} has no effect.
     *
     * <p>An {@link io.github.openaikserve.error.OpenAiException} that it throws is the error of the
     * request. Any other exception, or null in place of a request, is a 500 over HTTP and is
     * logged; a Java caller receives the exception.
     */
    public Builder chatRequests(UnaryOperator<CreateChatCompletionRequest> change) {
      this.chatRequests = Objects.requireNonNull(change, "change");
      return this;
    }

    /** Sets the limits of what one request may hold (default: {@link RequestLimits#ofDefaults}). */
    public Builder requestLimits(RequestLimits limits) {
      this.limits = Objects.requireNonNull(limits, "limits");
      return this;
    }

    /**
     * Builds the service. Servers are not asked yet.
     *
     * @throws IllegalArgumentException if there is no model, two models share a name, a model has
     *     no dialect or no backend, or no model has the default name
     */
    public OpenAiKServe build() {
      return new OpenAiKServe(this);
    }

    private static Supplier<String> randomIds() {
      var random = new SecureRandom();
      return () -> {
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
      };
    }
  }
}
