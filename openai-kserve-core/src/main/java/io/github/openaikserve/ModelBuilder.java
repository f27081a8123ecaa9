package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.ControlTokens;
import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.internal.json.AnswerCheck;
import io.github.openaikserve.internal.model.Timeouts;
import io.github.openaikserve.internal.request.field.FieldValues;
import io.github.openaikserve.internal.request.field.GenerationConfig;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ModerationCategory;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A builder for the settings of one served model. Not thread-safe. */
public final class ModelBuilder {
  final String id;
  final List<String> aliases = new ArrayList<>();
  @Nullable InferenceBackend backend;
  @Nullable Dialect dialect;
  final Map<RequestKind, Dialect> others = new EnumMap<>(RequestKind.class);
  ChatTemplate chatTemplate = ChatTemplates.PLAIN;
  Optional<ToolCallFormat> toolCallFormat = Optional.empty();
  Optional<ReasoningFormat> reasoningFormat = Optional.empty();
  boolean tools = true;
  boolean separateReasoning = true;
  ControlTokens controlTokens = ControlTokens.KEEP;
  boolean emulateResponseFormat;
  boolean detect;
  @Nullable Boolean strict;
  boolean unaryAnswers;
  int maxConcurrentChoices = 8;
  @Nullable Instant created;
  TokenCounter tokenCounter = TokenCounter.ESTIMATE;
  String modelName;
  @Nullable String modelVersion;
  @Nullable Duration timeout = Duration.ofMinutes(10);
  @Nullable Duration firstTokenTimeout;
  @Nullable Duration interTokenTimeout;
  @Nullable ConcurrencyLimit concurrencyLimit;
  String ownedBy = "openai-kserve";
  @Nullable LocalDate shutdownDate;
  final Map<String, String> adapters = new LinkedHashMap<>();
  @Nullable String adapterSeparator;
  final Map<RequestField, Object> parameters = new EnumMap<>(RequestField.class);
  final List<Tensor> constants = new ArrayList<>();
  final Map<String, Map<String, Object>> constantKeys = new LinkedHashMap<>();

  List<String> labels = List.of();
  final Map<String, ModerationCategory> categories = new LinkedHashMap<>();
  double moderationThreshold = 0.5;
  boolean shortensVectors;

  ModelBuilder(String id) {
    this.id = Objects.requireNonNull(id, "id");
    this.modelName = id;
  }

  static ModelBuilder configured(String id, Consumer<ModelBuilder> model) {
    var builder = new ModelBuilder(id);
    model.accept(builder);
    return builder;
  }

  /** Returns the model's id, so that settings can depend on which model was discovered. */
  public String id() {
    return id;
  }

  /**
   * Sets the backend that reaches the model's server (default: the service's). Closing it remains
   * the caller's responsibility.
   */
  public ModelBuilder backend(InferenceBackend backend) {
    this.backend = Objects.requireNonNull(backend, "backend");
    return this;
  }

  /**
   * Sets the dialect of the model's server. Required unless the dialect is detected. A dialect that
   * does not generate text is passed to {@link #tensorDialect}.
   */
  public ModelBuilder dialect(Dialect dialect) {
    if (!dialect.generates()) {
      return tensorDialect(dialect);
    }
    this.dialect = dialect;
    return this;
  }

  /**
   * Sets whether the dialect is detected from the server's metadata when the model is first called
   * or checked (default: false): see {@link io.github.openaikserve.dialect.Dialects#detect}.
   * Requests fail until the server has answered. If the model is not recognized, detection is
   * repeated after one minute.
   */
  public ModelBuilder detect(boolean detect) {
    this.detect = detect;
    return this;
  }

  /**
   * Sets the dialect for embeddings (default: the model's dialect). A model with an embedding
   * dialect and no other dialect serves embeddings only.
   *
   * @throws IllegalArgumentException if the dialect does not support embeddings
   */
  public ModelBuilder embeddingDialect(Dialect embeddingDialect) {
    others.put(
        RequestKind.EMBEDDING,
        embeddingDialect
            .serving(RequestKind.EMBEDDING)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "dialect '%s' does not support embeddings"
                            .formatted(embeddingDialect.name()))));
    return this;
  }

  /**
   * Sets the dialect for every kind of request that it answers with tensors: embeddings, scores,
   * classes, transcriptions or speech (default: the model's dialect). A later dialect replaces an
   * earlier one for the same kind of request.
   *
   * @throws IllegalArgumentException if the dialect only generates text
   */
  public ModelBuilder tensorDialect(Dialect tensorDialect) {
    Map<RequestKind, Dialect> served = tensors(tensorDialect);
    if (served.isEmpty()) {
      throw new IllegalArgumentException(
          "dialect '%s' only generates text; set it with dialect()"
              .formatted(tensorDialect.name()));
    }
    others.putAll(served);
    return this;
  }

  static Map<RequestKind, Dialect> tensors(Dialect dialect) {
    Map<RequestKind, Dialect> served = new EnumMap<>(RequestKind.class);
    for (RequestKind kind : RequestKind.values()) {
      if (!kind.isGeneration()) {
        dialect.serving(kind).ifPresent(other -> served.put(kind, other));
      }
    }
    return served;
  }

  /**
   * Sets the template that renders a conversation as a prompt (default: {@link
   * ChatTemplates#PLAIN}).
   */
  public ModelBuilder chatTemplate(ChatTemplate chatTemplate) {
    this.chatTemplate = Objects.requireNonNull(chatTemplate, "chatTemplate");
    return this;
  }

  /** Sets the format in which the model writes tool calls (default: the chat template's). */
  public ModelBuilder toolCallFormat(ToolCallFormat toolCallFormat) {
    this.toolCallFormat = Optional.of(toolCallFormat);
    return this;
  }

  /** Sets whether requests with tools are accepted; if false, they are rejected (default: true). */
  public ModelBuilder tools(boolean tools) {
    this.tools = tools;
    return this;
  }

  /** Sets the format in which the model marks its reasoning (default: the chat template's). */
  public ModelBuilder reasoningFormat(ReasoningFormat reasoningFormat) {
    this.reasoningFormat = Optional.of(reasoningFormat);
    return this;
  }

  /** Sets whether reasoning is separated from the text of an answer (default: true). */
  public ModelBuilder separateReasoning(boolean separate) {
    this.separateReasoning = separate;
    return this;
  }

  /**
   * Sets the handling of the model's control tokens, such as {@code <|im_start|>}, in the text of
   * users and tools (default: {@link ControlTokens#KEEP}). Control tokens are those that the chat
   * template and the tokenizer's configuration declare. Prompts of the completions API are never
   * changed.
   */
  public ModelBuilder controlTokens(ControlTokens handling) {
    this.controlTokens = Objects.requireNonNull(handling, "handling");
    return this;
  }

  /**
   * Sets whether a {@code response_format} is emulated if the server has no tensor for it;
   * otherwise the request is rejected (default: false). Emulation adds an instruction to the
   * conversation and checks the answer. An unstreamed answer that fails the check is requested once
   * more. JSON Schemas require {@code com.networknt:json-schema-validator} 2.x.
   *
   * @throws IllegalStateException if that library is missing
   */
  public ModelBuilder emulateResponseFormat(boolean emulate) {
    if (emulate && !AnswerCheck.available()) {
      throw new IllegalStateException(
          "com.networknt:json-schema-validator 2.x or 3.x is needed to emulate response_format");
    }
    this.emulateResponseFormat = emulate;
    return this;
  }

  /**
   * Sets whether a request field that would have no effect is rejected instead of dropped (default:
   * the service's setting).
   */
  public ModelBuilder strict(boolean strict) {
    this.strict = strict;
    return this;
  }

  /**
   * Sets the value of a field for requests that omit it. The value is sent as if the request had
   * set it (default: none, so the model server's default applies).
   *
   * @param jsonName {@code temperature}, {@code top_p}, {@code max_tokens}, {@code seed}, {@code
   *     stop}, {@code presence_penalty}, {@code frequency_penalty}, {@code logit_bias}, {@code
   *     reasoning_effort}, {@code thinking_token_budget}, {@code verbosity}, {@code top_k}, {@code
   *     min_p}, {@code repetition_penalty}, {@code min_tokens}, {@code ignore_eos}, {@code
   *     skip_special_tokens}, {@code stop_token_ids}, {@code chat_template_kwargs}, or a field of
   *     another server's API that the dialect maps to a tensor, such as {@code lora_name}
   * @param value a number, boolean, string, list or map as in JSON
   * @throws IllegalArgumentException naming the parameter, if it is not one of these, or its value
   *     has the wrong type or is out of range
   */
  public ModelBuilder defaultParameter(String jsonName, Object value) {
    FieldValues.addDefault(
        parameters,
        Objects.requireNonNull(jsonName, "jsonName"),
        Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Sets {@linkplain #defaultParameter default parameters} from the {@code generation_config.json}
   * of a model: {@code temperature}, {@code top_p}, {@code top_k}, {@code min_p}, {@code
   * repetition_penalty} and {@code max_new_tokens}, as vLLM does. A later {@link #defaultParameter}
   * of the same field wins.
   *
   * @throws java.io.UncheckedIOException if the file cannot be read
   * @throws IllegalArgumentException if it is not a JSON object of at most 1 MiB, or a value is not
   *     valid
   */
  public ModelBuilder generationConfig(Path file) {
    GenerationConfig.read(file).forEach(this::defaultParameter);
    return this;
  }

  /**
   * Adds a constant input tensor to every generation of this model, in addition to the dialect's
   * tensors. For example, {@code lora_task_id} of TensorRT-LLM makes each LoRA adapter a model. It
   * replaces the dialect's tensor of the same name. A vector is given the batch dimension of the
   * dialect's inputs.
   */
  public ModelBuilder constant(Tensor tensor) {
    constants.add(Objects.requireNonNull(tensor, "tensor"));
    return this;
  }

  /**
   * Adds a constant key to the JSON object in an input tensor, for every generation of this model,
   * such as {@code lora_name} in {@code sampling_parameters} of Triton's vLLM backend. It replaces
   * the dialect's key of the same name.
   *
   * @param value a number, boolean, string, list or map as in JSON
   */
  public ModelBuilder constantJson(String tensor, String key, Object value) {
    constantKeys
        .computeIfAbsent(Objects.requireNonNull(tensor, "tensor"), name -> new LinkedHashMap<>())
        .put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Sets the labels of a classifier's classes, in the order of the classes (default: the labels in
   * the server's response, or {@code LABEL_0}, {@code LABEL_1}, ...).
   */
  public ModelBuilder labels(String... labels) {
    this.labels = List.of(labels);
    return this;
  }

  /**
   * Maps a classifier's label to a category of harmful content, for {@code /v1/moderations}
   * (default: the category of the same name, if there is one). Labels without a category are
   * ignored. If several labels map to one category, the highest score counts.
   */
  public ModelBuilder moderationCategory(String label, ModerationCategory category) {
    categories.put(
        Objects.requireNonNull(label, "label"), Objects.requireNonNull(category, "category"));
    return this;
  }

  /**
   * Sets the minimum score at which a text is flagged for a category of harmful content (default:
   * 0.5).
   *
   * @throws IllegalArgumentException if the threshold is not from 0 to 1
   */
  public ModelBuilder moderationThreshold(double threshold) {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "moderationThreshold must be from 0 to 1, was " + threshold);
    }
    this.moderationThreshold = threshold;
    return this;
  }

  /**
   * Sets whether vectors are truncated to the {@code dimensions} of a request and normalized
   * (default: false, which rejects any other length than the model's). Use it only for models
   * trained for truncation (Matryoshka representation learning): truncated vectors of other models
   * are meaningless.
   */
  public ModelBuilder shortensVectors(boolean shortens) {
    this.shortensVectors = shortens;
    return this;
  }

  /**
   * Sets whether unstreamed answers use a unary call even if the dialect prefers to aggregate them
   * from a stream (default: false). A stream costs several times as much CPU, but reports the
   * number of tokens. With a unary call the {@link #tokenCounter} counts them. It also cuts the
   * answer at {@code max_tokens} if the server does not receive that field.
   */
  public ModelBuilder unaryAnswers(boolean unary) {
    this.unaryAnswers = unary;
    return this;
  }

  /**
   * Sets the maximum number of choices of one request that are generated concurrently (default: 8).
   *
   * @throws IllegalArgumentException if {@code max} is not positive
   */
  public ModelBuilder maxConcurrentChoices(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("maxConcurrentChoices must be at least 1, was " + max);
    }
    this.maxConcurrentChoices = max;
    return this;
  }

  /** Sets the creation time in lists of models (default: the time of configuration). */
  public ModelBuilder created(Instant created) {
    this.created = Objects.requireNonNull(created, "created");
    return this;
  }

  /**
   * Sets the counter of tokens for servers that do not report them (default: {@link
   * TokenCounter#ESTIMATE}). A {@link io.github.openaikserve.chat.Tokenizer} also serves {@code
   * /tokenize} and {@code /detokenize}.
   */
  public ModelBuilder tokenCounter(TokenCounter tokenCounter) {
    this.tokenCounter = Objects.requireNonNull(tokenCounter, "tokenCounter");
    return this;
  }

  /** Adds another name that clients may use for the model. */
  public ModelBuilder alias(String alias) {
    aliases.add(Objects.requireNonNull(alias, "alias"));
    return this;
  }

  /** Sets the model's name at the server (default: the id). Unused if the dialect sets the name. */
  public ModelBuilder modelName(String modelName) {
    this.modelName = Objects.requireNonNull(modelName, "modelName");
    return this;
  }

  /** Sets the model's version at the server (default: the dialect's). */
  public ModelBuilder modelVersion(String modelVersion) {
    this.modelVersion = Objects.requireNonNull(modelVersion, "modelVersion");
    return this;
  }

  /** Sets the time limit for a whole call (default: 10min); null for none. */
  public ModelBuilder timeout(@Nullable Duration timeout) {
    Timeouts.check(timeout);
    this.timeout = timeout;
    return this;
  }

  /**
   * Sets the time limit until the first response of a server that streams (default: null, none).
   * The time spent waiting for a permit counts.
   */
  public ModelBuilder firstTokenTimeout(@Nullable Duration timeout) {
    Timeouts.check(timeout);
    this.firstTokenTimeout = timeout;
    return this;
  }

  /**
   * Sets the time limit between two responses (default: null, none). Time during which the reader
   * requests nothing does not count.
   */
  public ModelBuilder interTokenTimeout(@Nullable Duration timeout) {
    Timeouts.check(timeout);
    this.interTokenTimeout = timeout;
    return this;
  }

  /**
   * Sets the limit of concurrent calls to the model's server (default: no limit). Each choice of
   * each prompt, and each batch of embeddings, is one call. A single request never runs more calls
   * at once than the limit allows.
   */
  public ModelBuilder concurrencyLimit(ConcurrencyLimit limit) {
    this.concurrencyLimit = Objects.requireNonNull(limit, "limit");
    return this;
  }

  /** Sets the model's owner in lists of models (default: {@code openai-kserve}). */
  public ModelBuilder ownedBy(String ownedBy) {
    this.ownedBy = Objects.requireNonNull(ownedBy, "ownedBy");
    return this;
  }

  /**
   * Sets the first day on which the model is no longer served, in lists of models (default: none).
   */
  public ModelBuilder shutdownDate(LocalDate shutdownDate) {
    this.shutdownDate = Objects.requireNonNull(shutdownDate, "shutdownDate");
    return this;
  }

  /**
   * Serves a LoRA adapter of this model as a separate model, for chats, responses and completions.
   * Requests for it are sent to this model with {@code lora_name}. The dialect must have an input
   * for that field, as the dialect of Triton's vLLM backend has; otherwise requests for the adapter
   * fail because the model does not exist. For other servers, configure a separate model with a
   * {@link #constant}.
   *
   * @param id the name that clients use
   * @param name the adapter's name at the server
   * @throws IllegalArgumentException if the name is empty
   */
  public ModelBuilder adapter(String id, String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("the name of an adapter must not be empty");
    }
    adapters.put(Objects.requireNonNull(id, "id"), name);
    return this;
  }

  /**
   * Serves every LoRA adapter of this model as a separate model; see {@link #adapter}. The model's
   * name is this model's id, the separator and the adapter's name at the server, such as {@code
   * llama:sql} (default: none). The server rejects unknown adapters. These models do not appear in
   * lists of models. Metrics and logs have this model's id, because clients can invent names.
   *
   * @throws IllegalArgumentException if the separator is empty
   */
  public ModelBuilder adapterSeparator(String separator) {
    if (separator.isEmpty()) {
      throw new IllegalArgumentException("the separator of adapters must not be empty");
    }
    this.adapterSeparator = separator;
    return this;
  }
}
