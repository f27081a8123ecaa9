package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelSettings;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.http.ReadinessRule;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.http.Services;
import io.github.openaikserve.internal.model.DiscoveredModels;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.HeaderRules;
import io.github.openaikserve.internal.responses.ConversationService;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.resilience.Load;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.store.ResponseStore;
import io.github.openaikserve.time.Scheduler;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's API over a model server. Immutable and thread-safe: create one instance and share it.
 *
 * <pre>{@code
 * var openai = OpenAiKServe.builder(backend)
 *     .model("llamacpp", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
 *     .build();
 * ChatCompletion completion = openai.chatCompletions().create(r -> r.user("What is a tensor?"));
 * }</pre>
 *
 * <p>{@link #close} ends the running calls. Closing the backends afterwards remains the caller's
 * responsibility.
 */
public final class OpenAiKServe implements AutoCloseable {
  /** The maximum time that {@link #close} waits until background responses are stored. */
  private static final Duration STORE_TIMEOUT = Duration.ofSeconds(5);

  private final Service service;
  private final ChatCompletions chatCompletions;
  private final Responses responses;
  private final Conversations conversations;
  private final Messages messages;
  private final Decisions decisions;
  private final Completions completions;
  private final Embeddings embeddings;
  private final Rerank rerank;
  private final Score score;
  private final Classify classify;
  private final Moderations moderations;
  private final Audio audio;
  private final Models models;
  private final Tokenization tokenization;
  private final OpenAiHandler httpHandler;

  private OpenAiKServe(Service service, CallContext context) {
    this.service = service;
    Services services = service.services();
    Engine engine = services.engine();
    ModelRegistry registry = services.registry();
    this.chatCompletions = new ChatCompletions(engine, registry, context);
    this.responses = new Responses(services.responses(), context);
    ConversationService stored = services.conversations();
    this.conversations = new Conversations(stored == null ? null : stored.ownedBy(context.owner()));
    this.messages = new Messages(services.messages(), context);
    this.decisions = new Decisions(engine, context);
    this.completions = new Completions(engine, registry, context);
    this.embeddings = new Embeddings(engine, registry, context);
    this.rerank = new Rerank(engine, registry, context);
    this.score = new Score(engine, registry, context);
    this.classify = new Classify(engine, registry, context);
    this.moderations = new Moderations(engine, registry, context);
    this.audio = new Audio(engine, context);
    this.models = new Models(registry);
    this.tokenization = new Tokenization(engine, registry, context);
    this.httpHandler = service.router().with(context);
  }

  /** Returns a builder without a default backend: each model sets its own. */
  public static Builder builder() {
    return new Builder(null);
  }

  /** Returns a builder whose models use this backend unless they set another one. */
  public static Builder builder(InferenceBackend backend) {
    return new Builder(Objects.requireNonNull(backend, "backend"));
  }

  /**
   * Returns a view of this API that applies the options to each of its requests, in Java and over
   * HTTP. Creating a view for a single request is cheap. The options replace those of this object.
   * Closing either object closes both.
   *
   * <pre>{@code
   * openai.with(o -> o.timeout(Duration.ofSeconds(20)).attribute("tenant", "acme"))
   *     .chatCompletions()
   *     .create(r -> r.user("What is a tensor?"));
   * }</pre>
   */
  public OpenAiKServe with(RequestOptions options) {
    return new OpenAiKServe(service, options.context());
  }

  /** Calls {@link #with(RequestOptions)} with the options that {@code options} sets. */
  public OpenAiKServe with(Consumer<RequestOptions.Builder> options) {
    return with(RequestOptions.of(options));
  }

  /** Returns the resource {@code /v1/chat/completions}. */
  public ChatCompletions chatCompletions() {
    return chatCompletions;
  }

  /** Returns the resource {@code /v1/responses}. */
  public Responses responses() {
    return responses;
  }

  /** Returns the resource {@code /v1/messages}, Anthropic's Messages API. */
  public Messages messages() {
    return messages;
  }

  /** Returns the resource {@code /v1/conversations}. */
  public Conversations conversations() {
    return conversations;
  }

  /** Returns the resource {@code /v1/decisions}. */
  public Decisions decisions() {
    return decisions;
  }

  /** Returns the resource {@code /v1/completions}. */
  public Completions completions() {
    return completions;
  }

  /** Returns the resource {@code /v1/embeddings}. */
  public Embeddings embeddings() {
    return embeddings;
  }

  /** Returns the resource {@code /v1/rerank}. */
  public Rerank rerank() {
    return rerank;
  }

  /** Returns the resource {@code /v1/score}. */
  public Score score() {
    return score;
  }

  /** Returns the resource {@code /v1/classify}. */
  public Classify classify() {
    return classify;
  }

  /** Returns the resource {@code /v1/moderations}. */
  public Moderations moderations() {
    return moderations;
  }

  /** Returns the resource {@code /v1/audio}. */
  public Audio audio() {
    return audio;
  }

  /** Returns the resource {@code /v1/models}. */
  public Models models() {
    return models;
  }

  /**
   * Returns the resource for {@code /tokenize}, {@code /detokenize} and {@code /apply-template}.
   */
  public Tokenization tokenization() {
    return tokenization;
  }

  /** Returns all resources as an HTTP API, to mount behind any HTTP server. */
  public OpenAiHandler httpHandler() {
    return httpHandler;
  }

  /** Returns the current load of each model that has a concurrency limit, by model id. */
  public Map<String, Load> loads() {
    return service.loads();
  }

  /**
   * Checks every model against its server's metadata, and reports why a discovered model cannot be
   * served. Blocks until all servers have answered or failed. Does not throw: an unreachable server
   * is part of the result.
   */
  public List<ModelCheck> check() {
    return Calls.await(checkAsync());
  }

  /** Returns a future of the result of {@link #check}. */
  public CompletableFuture<List<ModelCheck>> checkAsync() {
    return service.services().registry().check();
  }

  /**
   * Returns the settings with which a model is called. Sends nothing.
   *
   * @param model any name of the model
   * @return empty if no known model has the name, or its dialect has not been detected. {@link
   *     #check} detects the dialects of all models that can be served
   */
  public Optional<ModelSettings> settings(String model) {
    return service.services().registry().settings(model);
  }

  /**
   * Rejects new requests with status 503 and code {@code server_shutting_down}, and reports over
   * HTTP that this process is not ready. Running calls continue.
   */
  public void shutdown() {
    service.services().engine().running().shutdown();
    service.services().registry().close();
  }

  /** Returns whether new requests are rejected. */
  public boolean isShutdown() {
    return service.services().engine().running().isShutdown();
  }

  /**
   * Blocks until all calls have ended after a {@link #shutdown}, or the timeout has passed. Returns
   * whether all calls have ended: their listeners know, and their futures are completed next.
   *
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return service.services().engine().running().awaitTermination(timeout);
  }

  /**
   * Shuts down and waits for running calls. Calls that exceed the {@link Builder#shutdownTimeout}
   * fail with {@link io.github.openaikserve.error.ShuttingDownException}; their background
   * responses are stored as failed. An interrupt of this thread ends the wait. Must not be called
   * on a thread of the backend. Does not close the backends or the response store.
   */
  @Override
  public void close() {
    shutdown();
    try {
      if (!awaitTermination(service.shutdownTimeout())) {
        service.services().engine().running().cancel();
      }
      service.services().responses().awaitStored(STORE_TIMEOUT);
    } catch (InterruptedException e) {
      service.services().engine().running().cancel();
      Thread.currentThread().interrupt();
    }
  }

  /** A builder for the models to serve and the settings of the service. Not thread-safe. */
  public static final class Builder {
    private static final Duration MIN_KEEP_ALIVE = Duration.ofMillis(2);

    final @Nullable InferenceBackend backend;
    final List<ModelBuilder> models = new ArrayList<>();
    final List<Function<ModelFactory, DiscoveredModels>> discoveries = new ArrayList<>();
    final List<ModelRoute> routes = new ArrayList<>();
    @Nullable String defaultModel;
    boolean strict;
    boolean rejectHostedTools;
    boolean modelControl;
    @Nullable ResponseStore responseStore;
    Supplier<String> ids = randomIds();
    InstantSource clock = InstantSource.system();
    Scheduler scheduler = Scheduler.SHARED;
    final List<CallListener> listeners = new ArrayList<>();
    final List<String> forwardedHeaders = new ArrayList<>();
    @Nullable String affinityHeader;
    @Nullable Duration keepAlive = Duration.ofSeconds(15);
    boolean abortFailedStreams;
    ReasoningFields reasoningFields = ReasoningFields.BOTH;
    @Nullable Executor executor;
    UnaryOperator<CreateChatCompletionRequest> chatRequests = UnaryOperator.identity();
    RequestLimits limits = RequestLimits.ofDefaults();
    Duration shutdownTimeout = Duration.ofSeconds(30);
    ReadinessRule readiness = ReadinessRule.ANY;
    final IdentityHashMap<InferenceBackend, String> backendNames = new IdentityHashMap<>();

    private Builder(@Nullable InferenceBackend backend) {
      this.backend = backend;
    }

    /** Adds a model with the dialect of its server. The first model is the default. */
    public Builder model(String id, Dialect dialect) {
      return model(id, m -> m.dialect(dialect));
    }

    /**
     * Adds a model. The first model is the default for requests without a model, unless {@link
     * #defaultModel} is set.
     */
    public Builder model(String id, Consumer<ModelBuilder> model) {
      models.add(ModelBuilder.configured(id, model));
      return this;
    }

    /**
     * Adds a name whose requests are split between several models by weight, such as 90 % to one
     * release and 10 % to the next. Requests with the same affinity key go to the same model. A
     * model that is not ready receives no requests; while no model is ready, the fallback serves.
     * The answer names the model that served it.
     *
     * @param id the name; must not be the name of a model
     * @param route adds the models, which must be configured
     * @throws IllegalArgumentException from {@link #build} if a model is not configured or the name
     *     is taken
     */
    public Builder route(String id, Consumer<ModelRoute.Builder> route) {
      var builder = new ModelRoute.Builder(Objects.requireNonNull(id, "id"));
      route.accept(builder);
      routes.add(builder.build());
      return this;
    }

    /**
     * Sets whether requests of the Responses API are rejected if they contain a tool that OpenAI
     * hosts, such as {@code web_search} (default: false). If false, the tool is dropped and listed
     * in the dropped fields.
     */
    public Builder rejectHostedTools(boolean rejectHostedTools) {
      this.rejectHostedTools = rejectHostedTools;
      return this;
    }

    /**
     * Sets whether HTTP clients may load and unload models at their servers, through {@code POST
     * /v1/models/{id}/load} and {@code /unload} (default: false). Restrict these paths to
     * operators. {@link Models#load} works regardless of this setting.
     */
    public Builder modelControl(boolean allowed) {
      this.modelControl = allowed;
      return this;
    }

    /**
     * Sets the store for responses and conversations (default: none). With a store, a response is
     * stored unless its request has {@code store: false}. Later requests can continue it through
     * {@code previous_response_id}, {@code conversation} or item references, and {@code background}
     * is available. Anyone who knows the id of a response can read it. Ids are random; if that is
     * not enough, the host must isolate its users. Closing the store remains the caller's
     * responsibility.
     */
    public Builder responseStore(ResponseStore store) {
      this.responseStore = Objects.requireNonNull(store, "store");
      return this;
    }

    /** Sets the default model for requests without a model, by any of its configured names. */
    public Builder defaultModel(String name) {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("the name of the default model must not be empty");
      }
      this.defaultModel = name;
      return this;
    }

    /** Sets when {@code /health/ready} answers 200 (default: {@link ReadinessRule#ANY}). */
    public Builder readiness(ReadinessRule rule) {
      this.readiness = Objects.requireNonNull(rule, "rule");
      return this;
    }

    /**
     * Sets the name of a backend in the answers of {@code /health/ready}, which are public.
     * Backends without a name are not listed there.
     */
    public Builder backendName(InferenceBackend backend, String name) {
      backendNames.put(
          Objects.requireNonNull(backend, "backend"), Objects.requireNonNull(name, "name"));
      return this;
    }

    /** Rejects requests without a model with status 400, as OpenAI does. */
    public Builder withoutDefaultModel() {
      this.defaultModel = ModelRegistry.NO_DEFAULT;
      return this;
    }

    /**
     * Serves every model that the server lists as ready and whose dialect is recognized, under the
     * server's names; see {@link Dialects#detect}. The server is queried when models are listed and
     * when an unknown model is requested, at most once per second. {@link OpenAiKServe#check}
     * reports which models are not served, and why.
     */
    public Builder discover() {
      return discover(each -> {});
    }

    /**
     * Serves the server's models with settings for each of them; see {@link #discover()}.
     *
     * @param each configures one model, which {@link ModelBuilder#id} identifies. If it sets a
     *     dialect, none is detected. If it throws, the model is not served; the reason is logged
     *     and reported by {@link OpenAiKServe#check}. Called again on each listing until it
     *     succeeds
     */
    public Builder discover(Consumer<ModelBuilder> each) {
      return discoverAt(null, Objects.requireNonNull(each, "each"));
    }

    /**
     * Serves the models of a server other than the builder's backend; see {@link
     * #discover(Consumer)}.
     */
    public Builder discover(InferenceBackend backend, Consumer<ModelBuilder> each) {
      return discoverAt(
          Objects.requireNonNull(backend, "backend"), Objects.requireNonNull(each, "each"));
    }

    private Builder discoverAt(@Nullable InferenceBackend server, Consumer<ModelBuilder> each) {
      discoveries.add(models -> models.discovery(server, each));
      return this;
    }

    /**
     * Sets whether a request field that would have no effect is rejected instead of dropped
     * (default: false).
     */
    public Builder strict(boolean strict) {
      this.strict = strict;
      return this;
    }

    /** Sets the supplier of the random part of ids (default: {@link SecureRandom}). */
    public Builder ids(Supplier<String> ids) {
      Objects.requireNonNull(ids, "ids");
      this.ids = () -> Objects.requireNonNull(ids.get(), "the supplier of ids returned null");
      return this;
    }

    /** Sets the clock of {@code created} (default: the system's). */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /** Sets the timer of time limits and keep-alive (default: {@link Scheduler#SHARED}). */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
      return this;
    }

    /** Adds a listener of all calls; listeners are notified in the order they were added. */
    public Builder listener(CallListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Forwards these request headers of HTTP clients to the model server (default: none). Values
     * that are not printable ASCII are not forwarded.
     *
     * @throws IllegalArgumentException if a header of that name cannot be sent to a model server
     */
    public Builder forwardHeaders(String... names) {
      Stream.of(names).map(HeaderRules::name).forEach(forwardedHeaders::add);
      return this;
    }

    /**
     * Sets the header whose value is the affinity key, such as a session id (default: none).
     * Requests with the same key reach the same endpoint of a {@code BalancedBackend} and reuse its
     * prompt cache. The request's {@code prompt_cache_key} takes precedence.
     *
     * @throws IllegalArgumentException if the name is not a valid header name
     */
    public Builder affinityHeader(String name) {
      affinityHeader = HeaderRules.name(name);
      return this;
    }

    /**
     * Sets the interval of keep-alive comments on an idle HTTP stream (default: 15s); null for
     * none. Clients ignore the comments; proxies treat them as activity. A response that has not
     * started by then starts with status 200, so a later failure becomes an {@code error} event.
     */
    public Builder keepAlive(@Nullable Duration interval) {
      if (interval != null && interval.compareTo(MIN_KEEP_ALIVE) < 0) {
        throw new IllegalArgumentException("keepAlive must be at least 2 ms, was " + interval);
      }
      this.keepAlive = interval;
      return this;
    }

    /**
     * Sets how long {@link OpenAiKServe#close} waits for running calls (default: 30s); zero to end
     * them immediately.
     *
     * @throws IllegalArgumentException if the timeout is negative
     */
    public Builder shutdownTimeout(Duration timeout) {
      if (timeout.isNegative()) {
        throw new IllegalArgumentException("shutdownTimeout must not be negative, was " + timeout);
      }
      this.shutdownTimeout = timeout;
      return this;
    }

    /**
     * Sets whether the body of a failed stream fails after its {@code error} event, so that the
     * HTTP layer aborts the connection (default: false). Intended for clients that treat a stream
     * with an error event as complete, such as Spring AI 1.x.
     */
    public Builder abortFailedStreams(boolean abort) {
      this.abortFailedStreams = abort;
      return this;
    }

    /**
     * Sets the fields in which {@link OpenAiKServe#httpHandler} writes reasoning (default: {@link
     * ReasoningFields#BOTH}).
     */
    public Builder reasoningFields(ReasoningFields fields) {
      this.reasoningFields = Objects.requireNonNull(fields, "fields");
      return this;
    }

    /**
     * Sets the executor that completes the responses of {@link OpenAiKServe#httpHandler} (default:
     * the thread that created the response, usually a thread of the backend, which continuations
     * must not block).
     */
    public Builder executor(Executor executor) {
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Sets a function that changes each chat request, over HTTP and from Java, before it is
     * processed (default: none). It can add a system message, choose the model or set a limit. It
     * may be called from several threads at once. Changes to {@code stream} and {@code
     * stream_options} have no effect.
     *
     * <p>If the function throws an {@link io.github.openaikserve.error.OpenAiException}, the
     * request fails with that error. Any other exception, or a null result, is logged and becomes a
     * status 500 over HTTP; a Java caller receives the exception.
     */
    public Builder chatRequests(UnaryOperator<CreateChatCompletionRequest> change) {
      this.chatRequests = Objects.requireNonNull(change, "change");
      return this;
    }

    /**
     * Sets the limits on the contents of one request (default: {@link RequestLimits#ofDefaults}).
     */
    public Builder requestLimits(RequestLimits limits) {
      this.limits = Objects.requireNonNull(limits, "limits");
      return this;
    }

    /**
     * Builds the API.
     *
     * @throws IllegalArgumentException if there is no model, two models share a name, a model has
     *     no dialect or no backend, or no model has the name of the default model
     */
    public OpenAiKServe build() {
      return new OpenAiKServe(Service.of(this), CallContext.NONE);
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
