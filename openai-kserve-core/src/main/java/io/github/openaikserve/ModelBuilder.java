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
import io.github.openaikserve.internal.model.ChatStyle;
import io.github.openaikserve.internal.model.RegisteredModel;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.model.Timeouts;
import io.github.openaikserve.internal.request.FieldValues;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.LimitedBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Configures one served model. Not thread-safe. */
public final class ModelBuilder {
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
  private int atOnce = 8;
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

  /** What reaches the model's server; the builder's backend unless set. It is not closed. */
  public ModelBuilder backend(InferenceBackend backend) {
    this.backend = Objects.requireNonNull(backend, "backend");
    return this;
  }

  /** How the model's server speaks. Required, unless it is detected or the model only embeds. */
  public ModelBuilder dialect(Dialect dialect) {
    this.dialect = Objects.requireNonNull(dialect, "dialect");
    return this;
  }

  /**
   * Asks the model's server how it is spoken to, when the model is first called or checked: see
   * {@link io.github.openaikserve.dialect.Dialects#detect}. Until the server can be asked, requests
   * fail with what it is that fails; a model that is not recognized is asked about again after a
   * minute.
   */
  public ModelBuilder detect() {
    detects = true;
    return this;
  }

  /**
   * How the model's server embeds; what the dialect says of it unless set. A model that has this
   * and no dialect serves only embeddings.
   */
  public ModelBuilder embeddingDialect(EmbeddingDialect embeddingDialect) {
    this.embeddingDialect = Objects.requireNonNull(embeddingDialect, "embeddingDialect");
    return this;
  }

  /** How a conversation is written down; {@link ChatTemplates#PLAIN} unless set. */
  public ModelBuilder chatTemplate(ChatTemplate chatTemplate) {
    this.chatTemplate = Objects.requireNonNull(chatTemplate, "chatTemplate");
    return this;
  }

  /** How the model writes calls of tools; what the chat template says unless set. */
  public ModelBuilder toolCallFormat(ToolCallFormat toolCallFormat) {
    this.toolCallFormat = Optional.of(toolCallFormat);
    return this;
  }

  /** Refuses requests with tools. */
  public ModelBuilder withoutTools() {
    findsToolCalls = false;
    return this;
  }

  /** How the model sets its reasoning apart; what the chat template says unless set. */
  public ModelBuilder reasoningFormat(ReasoningFormat reasoningFormat) {
    this.reasoningFormat = Optional.of(reasoningFormat);
    return this;
  }

  /** Leaves the model's reasoning in the text, as the model writes it. */
  public ModelBuilder withoutReasoning() {
    findsReasoning = false;
    return this;
  }

  /**
   * Takes a {@code response_format} that the server has no tensor for: it is asked for in the
   * conversation, and the answer is checked; a whole answer that fails is asked for once more. Such
   * requests are refused unless this is set. Schemas need {@code
   * com.networknt:json-schema-validator} 2.x.
   *
   * @throws IllegalStateException if that library is not there
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

  /** Refuses a request field that the server has no use for, in place of dropping it. */
  public ModelBuilder strict() {
    strict = true;
    return this;
  }

  /**
   * Takes whole answers from a unary call also where the dialect would rather fold them from a
   * stream, which costs several times as much CPU for what only the stream tells: how many tokens
   * an answer has, which is then estimated by the {@link #tokenCounter}, and so whether it ended at
   * the limit of tokens or by itself. Makes no difference to dialects that do not fold.
   */
  public ModelBuilder unaryAnswers() {
    unaryAnswers = true;
    return this;
  }

  /** How many generations of one request may go on at the same time, at least 1; 8 unless set. */
  public ModelBuilder concurrency(int atOnce) {
    if (atOnce < 1) {
      throw new IllegalArgumentException("at least one generation has to go on, not " + atOnce);
    }
    this.atOnce = atOnce;
    return this;
  }

  /** When the model was made, for lists of models; when this was configured unless set. */
  public ModelBuilder created(Instant created) {
    this.created = Objects.requireNonNull(created, "created");
    return this;
  }

  /** Counts tokens where the server does not; {@link TokenCounter#ESTIMATE} unless set. */
  public ModelBuilder tokenCounter(TokenCounter tokenCounter) {
    this.tokenCounter = Objects.requireNonNull(tokenCounter, "tokenCounter");
    return this;
  }

  /** A further name by which clients may call the model. */
  public ModelBuilder alias(String alias) {
    aliases.add(Objects.requireNonNull(alias, "alias"));
    return this;
  }

  /** What the server calls the model, where the dialect does not say; the id unless set. */
  public ModelBuilder modelName(String modelName) {
    this.modelName = Objects.requireNonNull(modelName, "modelName");
    return this;
  }

  /** The version the server knows the model by; the dialect's own unless set. */
  public ModelBuilder modelVersion(String modelVersion) {
    this.modelVersion = Objects.requireNonNull(modelVersion, "modelVersion");
    return this;
  }

  /** The limit for a whole call, null for none; ten minutes unless set. */
  public ModelBuilder timeout(@Nullable Duration timeout) {
    Timeouts.check(timeout);
    this.timeout = timeout;
    return this;
  }

  /**
   * The limit until the first response of a server that streams, null for none, as it is unless
   * set. Waiting for a place counts.
   */
  public ModelBuilder firstTokenTimeout(@Nullable Duration timeout) {
    Timeouts.check(timeout);
    this.firstTokenTimeout = timeout;
    return this;
  }

  /**
   * The limit from one response to the next, null for none, as it is unless set. A reader who does
   * not ask for more is not held against the server.
   */
  public ModelBuilder betweenTokensTimeout(@Nullable Duration timeout) {
    Timeouts.check(timeout);
    this.betweenTokensTimeout = timeout;
    return this;
  }

  /**
   * How many calls to the model's server may go on at a time; no limit unless set. Every choice of
   * every prompt, and every batch of embeddings, is a call. One request alone never has more of
   * them going on than the limit allows.
   */
  public ModelBuilder limit(ConcurrencyLimit limit) {
    this.limit = Objects.requireNonNull(limit, "limit");
    return this;
  }

  /** Who is named as the model's owner. */
  public ModelBuilder ownedBy(String ownedBy) {
    this.ownedBy = Objects.requireNonNull(ownedBy, "ownedBy");
    return this;
  }

  /** A model that nobody configured by name; its dialect is detected unless it was given. */
  RegisteredModel discovered(ModelDefaults defaults) {
    detects = dialect == null && embeddingDialect == null;
    return build(defaults);
  }

  /** The model. */
  RegisteredModel build(ModelDefaults defaults) {
    return new RegisteredModel(route(defaults), detects, defaults.clock());
  }

  private Route route(ModelDefaults defaults) {
    InferenceBackend reached = backend == null ? defaults.backend() : backend;
    if (reached == null) {
      throw new IllegalArgumentException("model '" + id + "' has no backend");
    }
    if (dialect != null && detects) {
      throw new IllegalArgumentException(
          "model '" + id + "' has a dialect, which is not to be detected then");
    }
    if (dialect == null && embeddingDialect == null && !detects) {
      throw new IllegalArgumentException("model '" + id + "' has no dialect");
    }
    return new Route(
        id,
        aliases,
        reached,
        dialect,
        embeddings(),
        chatStyle(),
        tokenCounter,
        modelName,
        modelVersion,
        limit == null ? reached : LimitedBackend.around(reached, limit, defaults.scheduler()),
        new Timeouts(timeout, firstTokenTimeout, betweenTokensTimeout),
        created == null ? defaults.created() : created.getEpochSecond(),
        ownedBy,
        strict || defaults.strict(),
        unaryAnswers,
        atOnce,
        defaults.limits(),
        parameters);
  }

  private ChatStyle chatStyle() {
    return new ChatStyle(
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
