package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.resilience.Load;
import io.github.openaikserve.resilience.RequestLimits;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The route of calls to one model: its backend, dialects and settings. Immutable.
 *
 * @param model the model as it appears in lists; its id is the name that clients use
 * @param backend the backend for metadata queries
 * @param calls the backend for inference: {@code backend}, with the route's concurrency limit if it
 *     has one
 * @param modelName the model's name at the server
 * @param modelVersion the model's version at the server; null for the dialect's default
 * @param dialect null if the model does not generate text
 * @param others the dialects for requests answered by tensors, by kind of request
 * @param feedback receives the outcomes of calls to the model
 */
public record Route(
    Model model,
    InferenceBackend backend,
    InferenceBackend calls,
    String modelName,
    @Nullable String modelVersion,
    @Nullable Dialect dialect,
    Map<RequestKind, Dialect> others,
    ChatSettings chat,
    CallSettings settings,
    CallFeedback feedback) {

  /** Copies the map. */
  public Route {
    others = Map.copyOf(others);
  }

  /**
   * The chat settings of a model. Immutable.
   *
   * @param format the format of the model's answers. Without a tool call format, tools are
   *     rejected; without a reasoning format, reasoning remains in the text
   * @param content the tool call format whose markers of content are removed; null if content has
   *     none. Differs from that of {@code format} only if tools are turned off
   * @param controlTokens the guard against control tokens in the text of users
   * @param emulatesResponseFormat whether a response format that the server has no tensor for is
   *     requested in the prompt and checked in the answer
   */
  public record ChatSettings(
      ChatTemplate template,
      ModelFormat format,
      @Nullable ToolCallFormat content,
      ControlTokenGuard controlTokens,
      boolean emulatesResponseFormat) {}

  /**
   * The settings of every call to a model. Immutable.
   *
   * @param limits the limits on the size of one request
   * @param concurrency the maximum number of concurrent generations of one request
   * @param strict whether a field without effect is rejected
   * @param unaryAnswers whether unstreamed answers use unary calls even if the dialect prefers to
   *     aggregate a stream
   * @param defaults the values of fields that a request omits
   * @param constants the inputs of every generation in addition to the dialect's
   * @param tensors the settings of answers made of tensors
   */
  public record CallSettings(
      Timeouts timeouts,
      RequestLimits limits,
      TokenCounter tokenCounter,
      int concurrency,
      boolean strict,
      boolean unaryAnswers,
      Map<RequestField, Object> defaults,
      ConstantInputs constants,
      TensorSettings tensors) {
    /** Copies the map. */
    public CallSettings {
      defaults = Map.copyOf(defaults);
    }

    private CallSettings withDefaults(Map<RequestField, Object> defaults) {
      return new CallSettings(
          timeouts,
          limits,
          tokenCounter,
          concurrency,
          strict,
          unaryAnswers,
          defaults,
          constants,
          tensors);
    }
  }

  /** Returns the name that clients use. */
  public String id() {
    return model.id();
  }

  /** Returns the timeouts of a call. */
  public Timeouts timeouts() {
    return settings.timeouts();
  }

  /** Returns the values of fields that a request omits. */
  public Map<RequestField, Object> defaults() {
    return settings.defaults();
  }

  /** Returns the limits on the size of one request. */
  public RequestLimits limits() {
    return settings.limits();
  }

  /** Returns the token counter for servers that report no token counts. */
  public TokenCounter tokenCounter() {
    return settings.tokenCounter();
  }

  /** Returns the maximum number of concurrent generations of one request. */
  public int maxConcurrency() {
    return maxConcurrency(settings.concurrency());
  }

  /** Returns {@code wanted}, or the route's concurrency limit if that is lower. */
  public int maxConcurrency(int wanted) {
    return calls instanceof Load load ? Math.min(wanted, load.max()) : wanted;
  }

  /** Returns the load of the route's concurrency limit; empty if it has none. */
  public Optional<Load> load() {
    return calls != backend && calls instanceof Load load ? Optional.of(load) : Optional.empty();
  }

  /**
   * Returns the route of a LoRA adapter of this model. It serves only generations, because other
   * requests cannot select an adapter.
   *
   * @param name the name that clients use for the adapter
   * @param adapter the adapter's name at the server
   * @param configured whether the configuration has the adapter. If not, clients invent the name,
   *     so the route keeps the id of the model, which labels metrics and logs
   * @throws InvalidRequestException (404) if the model's server has no input for an adapter
   */
  Route withAdapter(String name, String adapter, boolean configured) {
    if (dialect == null || !dialect.carries(RequestField.LORA_NAME)) {
      throw InvalidRequestException.modelNotFound(name);
    }
    Map<RequestField, Object> defaults = new EnumMap<>(RequestField.class);
    defaults.putAll(settings.defaults());
    defaults.put(RequestField.LORA_NAME, adapter);
    return new Route(
        configured ? model.toBuilder().id(name).parent(model.id()).build() : model,
        backend,
        calls,
        modelName,
        modelVersion,
        dialect,
        Map.of(),
        chat,
        settings.withDefaults(defaults),
        feedback);
  }

  /** Returns a copy of this route with other dialects. */
  Route withDialects(@Nullable Dialect dialect, Map<RequestKind, Dialect> others) {
    return with(dialect, others, feedback);
  }

  /** Returns a copy of this route with another receiver of call outcomes. */
  Route withFeedback(CallFeedback feedback) {
    return with(dialect, others, feedback);
  }

  private Route with(
      @Nullable Dialect dialect, Map<RequestKind, Dialect> others, CallFeedback feedback) {
    return new Route(
        model, backend, calls, modelName, modelVersion, dialect, others, chat, settings, feedback);
  }

  /**
   * Returns the dialect.
   *
   * @throws InvalidRequestException if the model does not generate text
   */
  public Dialect requireDialect() {
    if (dialect == null) {
      throw unsupported(
          "generate text; it serves the %s API"
              .formatted(
                  others.keySet().stream()
                      .sorted()
                      .map(RequestKind::apiName)
                      .collect(Collectors.joining(" and "))));
    }
    return dialect;
  }

  /** Returns the dialect for a kind of request answered by tensors; null for none. */
  public @Nullable Dialect dialect(RequestKind kind) {
    return others.get(kind);
  }

  /**
   * Returns the dialect for a kind of request answered by tensors.
   *
   * @throws InvalidRequestException if the model does not serve such requests
   */
  public Dialect requireDialect(RequestKind kind) {
    Dialect other = others.get(kind);
    if (other == null) {
      throw unsupported("support the %s API".formatted(kind.apiName()));
    }
    return other;
  }

  private InvalidRequestException unsupported(String what) {
    return InvalidRequestException.badValue(
        "model", "unsupported_value", "The model '%s' does not %s.".formatted(id(), what));
  }
}
