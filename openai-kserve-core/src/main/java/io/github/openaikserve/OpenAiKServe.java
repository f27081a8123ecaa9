package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.internal.answer.CompositeListener;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.Watches;
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
import java.util.function.Consumer;
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
 * <p>Owns nothing that must be closed: the backend stays its maker's.
 */
public final class OpenAiKServe {
  /** A server all of whose models are served. */
  private record Discovery(@Nullable InferenceBackend backend, Consumer<ModelBuilder> each) {}

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
        new ModelDefaults(
            builder.backend,
            builder.clock.instant().getEpochSecond(),
            builder.strict,
            builder.clock,
            builder.scheduler,
            builder.limits);
    List<RegisteredModel> configured = builder.models.stream().map(m -> m.build(defaults)).toList();
    List<DiscoveredModels> discovered =
        builder.discoveries.stream().map(d -> serverModels(d, defaults)).toList();
    routes = new ModelRegistry(configured, builder.defaultModel, discovered, builder.scheduler);
    var observers = new CompositeListener(builder.listeners);
    engine =
        new Engine(
            routes,
            builder.ids,
            builder.clock,
            new Watches(observers, builder.scheduler),
            builder.chatRequests);
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
                builder.forwardedHeaders,
                observers.headers(),
                builder.affinityHeader,
                builder.scheduler,
                builder.limits));
  }

  private static DiscoveredModels serverModels(Discovery discovery, ModelDefaults defaults) {
    InferenceBackend backend =
        discovery.backend() == null ? defaults.backend() : discovery.backend();
    if (backend == null) {
      throw new IllegalArgumentException("models cannot be discovered without a backend");
    }
    return new DiscoveredModels(
        backend,
        name -> configured(name, discovery.each()).discovered(defaults.withBackend(backend)),
        defaults.clock());
  }

  private static ModelBuilder configured(String id, Consumer<ModelBuilder> model) {
    var builder = new ModelBuilder(id);
    model.accept(builder);
    return builder;
  }

  /** A builder over models that name their backends themselves. */
  public static Builder builder() {
    return new Builder(null);
  }

  /**
   * A builder over a backend, which is that of every model that names no other. It is not closed by
   * what is built.
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
   * What would become of a request for a chat; nothing is sent.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if no model has the name; whatever
   *     else is wrong is in the explanation
   * @throws io.github.openaikserve.error.DialectException if the model's dialect is to be detected
   *     and its server has not been asked yet, which {@link #check} does, or has a model that is
   *     not recognized
   * @throws io.github.openaikserve.error.BackendException if its server could not be asked
   */
  public Explanation explain(CreateChatCompletionRequest request) {
    return Explanation.of(engine.explain(request));
  }

  /**
   * What would become of a request for completions; nothing is sent.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if no model has the name; whatever
   *     else is wrong is in the explanation
   * @throws io.github.openaikserve.error.DialectException if the model's dialect is to be detected
   *     and its server has not been asked yet, which {@link #check} does, or has a model that is
   *     not recognized
   * @throws io.github.openaikserve.error.BackendException if its server could not be asked
   */
  public Explanation explain(CreateCompletionRequest request) {
    return Explanation.of(engine.explain(request));
  }

  /**
   * What would become of a request for embeddings; nothing is sent.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if no model has the name; whatever
   *     else is wrong is in the explanation
   * @throws io.github.openaikserve.error.DialectException if the model's dialect is to be detected
   *     and its server has not been asked yet, which {@link #check} does, or has a model that is
   *     not recognized
   * @throws io.github.openaikserve.error.BackendException if its server could not be asked
   */
  public Explanation explain(CreateEmbeddingRequest request) {
    return Explanation.of(engine.explain(request));
  }

  /** How busy the models are that were configured with a limit, by their ids. */
  public Map<String, Load> loads() {
    return loads;
  }

  /**
   * Holds every model against what its server tells, and says of every model that was discovered
   * why it is not served; blocks meanwhile. Servers that cannot be asked are named, so this does
   * not fail.
   */
  public List<ModelCheck> check() {
    return Blocking.await(checkAsync());
  }

  /** The same, later. */
  public CompletableFuture<List<ModelCheck>> checkAsync() {
    return routes.check();
  }

  /** The same over HTTP, to be mounted behind any server. */
  public OpenAiHandler httpHandler() {
    return httpHandler;
  }

  /** Configures the models that are served. Not thread-safe. */
  public static final class Builder {
    private final @Nullable InferenceBackend backend;
    private final List<ModelBuilder> models = new ArrayList<>();
    private final List<Discovery> discoveries = new ArrayList<>();
    private @Nullable String defaultModel;
    private boolean strict;
    private Supplier<String> ids = randomIds();
    private InstantSource clock = InstantSource.system();
    private Scheduler scheduler = Scheduler.SHARED;
    private final List<CallListener> listeners = new ArrayList<>();
    private final List<String> forwardedHeaders = new ArrayList<>();
    private @Nullable String affinityHeader;
    private @Nullable Duration keepAlive = Duration.ofSeconds(15);
    private UnaryOperator<CreateChatCompletionRequest> chatRequests = UnaryOperator.identity();
    private RequestLimits limits = RequestLimits.ofDefaults();

    private Builder(@Nullable InferenceBackend backend) {
      this.backend = backend;
    }

    /** Serves a model whose server speaks {@code dialect}; the first model is the default. */
    public Builder model(String id, Dialect dialect) {
      return model(id, m -> m.dialect(dialect));
    }

    /**
     * Serves a model; the first one is the default, for requests that name none, unless {@link
     * #defaultModel} is set.
     */
    public Builder model(String id, Consumer<ModelBuilder> model) {
      models.add(configured(id, model));
      return this;
    }

    /** The model for requests that name none, by any name that is configured. */
    public Builder defaultModel(String name) {
      this.defaultModel = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Serves every model that the server lists as ready and that is recognized, besides those that
     * are configured, and by the server's own names; see {@link Dialects#detect}. The server is
     * asked when models are listed, and when one is called that is not known, but not more often
     * than once in a second. {@link OpenAiKServe#check} tells which models are not served, and why.
     */
    public Builder discover() {
      return discover(each -> {});
    }

    /** The same; what {@code each} says of a model, such as its dialect, is not detected. */
    public Builder discover(Consumer<ModelBuilder> each) {
      discoveries.add(new Discovery(null, Objects.requireNonNull(each, "each")));
      return this;
    }

    /** The same for another server than that of the builder's backend. */
    public Builder discover(InferenceBackend backend, Consumer<ModelBuilder> each) {
      discoveries.add(
          new Discovery(
              Objects.requireNonNull(backend, "backend"), Objects.requireNonNull(each, "each")));
      return this;
    }

    /** Refuses a request field that the server has no use for, in place of dropping it. */
    public Builder strict() {
      strict = true;
      return this;
    }

    /** Where the random part of ids comes from; {@link SecureRandom} unless set. */
    public Builder ids(Supplier<String> ids) {
      this.ids = Objects.requireNonNull(ids, "ids");
      return this;
    }

    /** Where {@code created} comes from; the system's clock unless set. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /** What time limits and keep-alive wait by; {@link Scheduler#SHARED} unless set. */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
      return this;
    }

    /** Tells a listener of every call; several are told in turn. */
    public Builder listener(CallListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Sends these headers of an HTTP client on to the model server, where the client sends them;
     * none unless named here. A value that is not printable ASCII is left out.
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
     * How long a stream over HTTP may be silent before it holds a comment, which clients ignore and
     * proxies take for life; null for no comments, 15 seconds unless set. A response that has not
     * begun by then begins, with 200, so that whatever fails afterwards is an {@code error} event.
     */
    public Builder keepAlive(@Nullable Duration interval) {
      if (interval != null && (interval.isNegative() || interval.toMillis() < 2)) {
        throw new IllegalArgumentException("2 milliseconds at least, not " + interval);
      }
      this.keepAlive = interval;
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
     * What was configured.
     *
     * @throws IllegalArgumentException if there is no model, two share a name, one lacks a dialect
     *     or a backend, or none has the default's name
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
