package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.ReasoningFormat;
import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.chat.ToolCallFormat;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.EmbeddingDialect;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.json.AnswerCheck;
import io.github.openaikserve.internal.model.RegisteredModel;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.model.Timeouts;
import io.github.openaikserve.internal.request.FieldValues;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A builder of one served model. Not thread-safe. */
public final class ModelBuilder {
  /**
   * The settings of the service, which a model uses unless it has its own. Immutable.
   *
   * @param backend null if every model has its own
   * @param created the creation time of models, in seconds since 1970
   */
  record Defaults(
      @Nullable InferenceBackend backend,
      long created,
      boolean strict,
      RequestLimits limits,
      Scheduler scheduler) {
    Defaults withBackend(InferenceBackend other) {
      return new Defaults(other, created, strict, limits, scheduler);
    }
  }

  private final String id;
  private final List<String> aliases = new ArrayList<>();
  private @Nullable InferenceBackend backend;
  private @Nullable Dialect dialect;
  private @Nullable EmbeddingDialect embeddingDialect;
  private ChatTemplate chatTemplate = ChatTemplates.PLAIN;
  private Optional<ToolCallFormat> toolCallFormat = Optional.empty();
  private Optional<ReasoningFormat> reasoningFormat = Optional.empty();
  private boolean findsToolCalls = true;
  private boolean findsReasoning = true;
  private boolean emulatesResponseFormat;
  private boolean detects;
  private boolean strict;
  private boolean unaryAnswers;
  private int concurrency = 8;
  private @Nullable Instant created;
  private TokenCounter tokenCounter = TokenCounter.ESTIMATE;
  private String modelName;
  private @Nullable String modelVersion;
  private @Nullable Duration timeout = Duration.ofMinutes(10);
  private @Nullable Duration firstTokenTimeout;
  private @Nullable Duration betweenTokensTimeout;
  private @Nullable ConcurrencyLimit limit;
  private final Map<RequestField, Object> parameters = new EnumMap<>(RequestField.class);
  private String ownedBy = "openai-kserve";

  ModelBuilder(String id) {
    this.id = Objects.requireNonNull(id, "id");
    this.modelName = id;
  }

  /**
   * Returns the id of the model that this builder configures: for a discovered model, the server's
   * name for it.
   */
  public String id() {
    return id;
  }

  /** Sets the backend (default: the service's). Closing it remains the caller's responsibility. */
  public ModelBuilder backend(InferenceBackend backend) {
    this.backend = Objects.requireNonNull(backend, "backend");
    return this;
  }

  /** Sets the dialect. Required, unless it is detected or the model only embeds. */
  public ModelBuilder dialect(Dialect dialect) {
    this.dialect = Objects.requireNonNull(dialect, "dialect");
    return this;
  }

  /**
   * Detects the dialect when the model is first called or checked: see {@link
   * io.github.openaikserve.dialect.Dialects#detect}. Requests wait at most ten seconds for the
   * server, and fail with the reason until it has described the model. An unknown dialect is
   * detected again after a minute.
   */
  public ModelBuilder detect() {
    detects = true;
    return this;
  }

  /**
   * Sets the embedding dialect (default: the dialect's). A model with an embedding dialect and no
   * dialect serves only embeddings.
   */
  public ModelBuilder embeddingDialect(EmbeddingDialect embeddingDialect) {
    this.embeddingDialect = Objects.requireNonNull(embeddingDialect, "embeddingDialect");
    return this;
  }

  /** Sets the chat template (default: {@link ChatTemplates#PLAIN}). */
  public ModelBuilder chatTemplate(ChatTemplate chatTemplate) {
    this.chatTemplate = Objects.requireNonNull(chatTemplate, "chatTemplate");
    return this;
  }

  /** Sets the format of the model's tool calls (default: the chat template's). */
  public ModelBuilder toolCallFormat(ToolCallFormat toolCallFormat) {
    this.toolCallFormat = Optional.of(toolCallFormat);
    return this;
  }

  /** Rejects requests with tools. */
  public ModelBuilder withoutTools() {
    findsToolCalls = false;
    return this;
  }

  /** Sets the format of the model's reasoning (default: the chat template's). */
  public ModelBuilder reasoningFormat(ReasoningFormat reasoningFormat) {
    this.reasoningFormat = Optional.of(reasoningFormat);
    return this;
  }

  /** Leaves the model's reasoning in the text. */
  public ModelBuilder withoutReasoning() {
    findsReasoning = false;
    return this;
  }

  /**
   * Accepts a {@code response_format} that the server has no tensor for, which is rejected
   * otherwise. The format is requested in the conversation and checked in the answer; a whole
   * answer that fails the check is generated once more. Requires {@code
   * com.networknt:json-schema-validator} 2.x.
   *
   * @throws IllegalStateException if that library is not on the class path
   */
  public ModelBuilder emulateResponseFormat() {
    if (!AnswerCheck.available()) {
      throw new IllegalStateException(
          "com.networknt:json-schema-validator 2.x is needed to emulate response_format");
    }
    emulatesResponseFormat = true;
    return this;
  }

  /**
   * Sets the value of a field for requests that leave it out, which is then sent as if the request
   * had set it (default: none, so that the model server's own default applies).
   *
   * @param jsonName {@code temperature}, {@code top_p}, {@code max_tokens}, {@code seed}, {@code
   *     stop}, {@code presence_penalty}, {@code frequency_penalty}, {@code logit_bias}, {@code
   *     reasoning_effort}, {@code verbosity}, {@code top_k}, {@code min_p}, {@code
   *     repetition_penalty}, {@code min_tokens}, {@code ignore_eos}, {@code skip_special_tokens},
   *     {@code stop_token_ids} or {@code chat_template_kwargs}
   * @param value a number, boolean, string, list or map as in JSON
   * @throws IllegalArgumentException naming the parameter, if it is not one of these or its value
   *     has another type or is out of range
   */
  public ModelBuilder defaultParameter(String jsonName, Object value) {
    FieldValues.addDefault(
        parameters,
        Objects.requireNonNull(jsonName, "jsonName"),
        Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Rejects request fields that would have no effect, instead of dropping them. */
  public ModelBuilder strict() {
    strict = true;
    return this;
  }

  /**
   * Requests whole answers by unary calls, even if the dialect accumulates them from streams. A
   * unary call costs a fraction of the CPU time, but does not report the number of tokens: the
   * {@link #tokenCounter} estimates it, and with it whether the answer ended at the token limit.
   * Has no effect on other dialects.
   */
  public ModelBuilder unaryAnswers() {
    unaryAnswers = true;
    return this;
  }

  /** Sets how many generations of one request run at the same time, at least 1 (default: 8). */
  public ModelBuilder concurrency(int concurrency) {
    if (concurrency < 1) {
      throw new IllegalArgumentException("the concurrency must be at least 1, was " + concurrency);
    }
    this.concurrency = concurrency;
    return this;
  }

  /** Sets the creation time in lists of models (default: when the service was built). */
  public ModelBuilder created(Instant created) {
    this.created = Objects.requireNonNull(created, "created");
    return this;
  }

  /** Sets the counter for tokens that the server does not count (default: an estimate). */
  public ModelBuilder tokenCounter(TokenCounter tokenCounter) {
    this.tokenCounter = Objects.requireNonNull(tokenCounter, "tokenCounter");
    return this;
  }

  /** Adds a name that clients may use. Discovered models have no aliases. */
  public ModelBuilder alias(String alias) {
    aliases.add(Objects.requireNonNull(alias, "alias"));
    return this;
  }

  /** Sets the server's name for the model, unless the dialect has one (default: the id). */
  public ModelBuilder modelName(String modelName) {
    this.modelName = Objects.requireNonNull(modelName, "modelName");
    return this;
  }

  /** Sets the server's version of the model (default: the dialect's). */
  public ModelBuilder modelVersion(String modelVersion) {
    this.modelVersion = Objects.requireNonNull(modelVersion, "modelVersion");
    return this;
  }

  /** Sets the timeout of a whole call; null for none (default: 10 minutes). */
  public ModelBuilder timeout(@Nullable Duration timeout) {
    Timeouts.check(timeout);
    this.timeout = timeout;
    return this;
  }

  /**
   * Sets the timeout until the first response of a stream; null for none (default: none). Includes
   * the wait for a permit.
   */
  public ModelBuilder firstTokenTimeout(@Nullable Duration timeout) {
    Timeouts.check(timeout);
    this.firstTokenTimeout = timeout;
    return this;
  }

  /**
   * Sets the timeout from one response to the next; null for none (default: none). It does not run
   * while the reader requests nothing.
   */
  public ModelBuilder betweenTokensTimeout(@Nullable Duration timeout) {
    Timeouts.check(timeout);
    this.betweenTokensTimeout = timeout;
    return this;
  }

  /**
   * Limits concurrent calls to the model's server (default: no limit). Every choice of every prompt
   * and every batch of embeddings is a call. One request never makes more calls at the same time
   * than the limit allows.
   */
  public ModelBuilder limit(ConcurrencyLimit limit) {
    this.limit = Objects.requireNonNull(limit, "limit");
    return this;
  }

  /** Sets the model's owner in lists of models (default: {@code openai-kserve}). */
  public ModelBuilder ownedBy(String ownedBy) {
    this.ownedBy = Objects.requireNonNull(ownedBy, "ownedBy");
    return this;
  }

  /** Builds a discovered model, whose dialect is detected unless one was set. */
  RegisteredModel discovered(Defaults defaults) {
    detects = dialect == null && embeddingDialect == null;
    return build(defaults);
  }

  RegisteredModel build(Defaults defaults) {
    return new RegisteredModel(route(defaults), aliases, detects, defaults.scheduler());
  }

  private Route route(Defaults defaults) {
    InferenceBackend reached = backend == null ? defaults.backend() : backend;
    if (reached == null) {
      throw new IllegalArgumentException("model '" + id + "' has no backend");
    }
    if (dialect != null && detects) {
      throw new IllegalArgumentException(
          "model '%s' has the dialect '%s' and detect(): use one of the two"
              .formatted(id, dialect.name()));
    }
    if (dialect == null && embeddingDialect == null && !detects) {
      throw new IllegalArgumentException("model '" + id + "' has no dialect");
    }
    return new Route(
        new Model(id, created == null ? defaults.created() : created.getEpochSecond(), ownedBy),
        reached,
        limit == null ? reached : LimitedBackend.around(reached, limit, defaults.scheduler()),
        modelName,
        modelVersion,
        dialect,
        embeddings(),
        chat(),
        new Route.CallSettings(
            new Timeouts(timeout, firstTokenTimeout, betweenTokensTimeout),
            defaults.limits(),
            tokenCounter,
            concurrency,
            strict || defaults.strict(),
            unaryAnswers,
            parameters));
  }

  private Route.ChatSettings chat() {
    return new Route.ChatSettings(
        chatTemplate,
        findsToolCalls ? toolCallFormat.or(chatTemplate::toolCallFormat).orElse(null) : null,
        findsReasoning ? reasoningFormat.or(chatTemplate::reasoningFormat).orElse(null) : null,
        emulatesResponseFormat);
  }

  private @Nullable EmbeddingDialect embeddings() {
    return embeddingDialect == null && dialect != null
        ? dialect.embeddings().orElse(null)
        : embeddingDialect;
  }
}
