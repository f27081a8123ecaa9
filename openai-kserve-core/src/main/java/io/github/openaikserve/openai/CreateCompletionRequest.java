package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to complete a text. Immutable.
 *
 * <p>Null means absent. Source: OpenAI's schema {@code CreateCompletionRequest}.
 *
 * @param model the model; null for the default one
 * @param prompt what is to be completed
 * @param maxTokens the limit of generated tokens, at least 0; null for OpenAI's default of 16
 * @param temperature 0 to 2
 * @param topP 0 to 1
 * @param n how many completions of each prompt, 1 to 128
 * @param stop one to four stop sequences, none empty
 * @param stream whether the answer is to be streamed; the Java methods decide that by their name
 * @param streamOptions only together with stream
 * @param presencePenalty -2 to 2
 * @param frequencyPenalty -2 to 2
 * @param logitBias -100 to 100 by token id
 * @param logprobs 0 to 5
 * @param seed for repeatable sampling
 * @param echo whether the prompt is to be repeated in front
 * @param bestOf 0 to 20, not below n
 * @param suffix the text that is to follow
 * @param extra every other field by its JSON name: OpenAI's that change nothing in a generation
 *     (such as {@code user}) and unknown ones (such as {@code top_k})
 */
public record CreateCompletionRequest(
    @Nullable String model,
    Prompt prompt,
    @Nullable Integer maxTokens,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer n,
    @Nullable List<String> stop,
    @Nullable Boolean stream,
    @Nullable StreamOptions streamOptions,
    @Nullable Double presencePenalty,
    @Nullable Double frequencyPenalty,
    @Nullable Map<String, Double> logitBias,
    @Nullable Integer logprobs,
    @Nullable Long seed,
    @Nullable Boolean echo,
    @Nullable Integer bestOf,
    @Nullable String suffix,
    Map<String, @Nullable Object> extra) {

  /**
   * Checks ranges and combinations, and copies.
   *
   * @throws InvalidRequestException naming the field that is out of its range
   */
  public CreateCompletionRequest {
    Limits.integer("max_tokens", maxTokens, 0, Integer.MAX_VALUE);
    Limits.decimal("temperature", temperature, 0, 2);
    Limits.decimal("top_p", topP, 0, 1);
    Limits.integer("n", n, 1, Limits.MAX_CHOICES);
    stop = Limits.stop(stop);
    Limits.streamOptions(streamOptions, stream);
    Limits.decimal("presence_penalty", presencePenalty, -2, 2);
    Limits.decimal("frequency_penalty", frequencyPenalty, -2, 2);
    Limits.logitBias(logitBias);
    logitBias = logitBias == null ? null : Map.copyOf(logitBias);
    Limits.integer("logprobs", logprobs, 0, 5);
    Limits.integer("best_of", bestOf, 0, 20);
    if (bestOf != null && n != null && bestOf < n) {
      throw InvalidRequestException.badValue(
          "best_of", null, "Invalid 'best_of': expected a value not below 'n'.");
    }
    extra = Limits.json(extra);
  }

  /** A builder that has nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** The limit of generated tokens: {@link #maxTokens} or OpenAI's default of 16. */
  public int tokenLimit() {
    return maxTokens == null ? 16 : maxTokens;
  }

  /** Gathers the fields of a request. Not thread-safe. */
  public static final class Builder {
    private @Nullable String model;
    private @Nullable Prompt prompt;
    private @Nullable Integer maxTokens;
    private @Nullable Double temperature;
    private @Nullable Double topP;
    private @Nullable Integer n;
    private @Nullable List<String> stop;
    private @Nullable Boolean stream;
    private @Nullable StreamOptions streamOptions;
    private @Nullable Double presencePenalty;
    private @Nullable Double frequencyPenalty;
    private @Nullable Map<String, Double> logitBias;
    private @Nullable Integer logprobs;
    private @Nullable Long seed;
    private @Nullable Boolean echo;
    private @Nullable Integer bestOf;
    private @Nullable String suffix;
    private final Map<String, @Nullable Object> extra = new LinkedHashMap<>();

    private Builder() {}

    /** The model; null for the default one. */
    public Builder model(@Nullable String model) {
      this.model = model;
      return this;
    }

    /** The limit of generated tokens, at least 0; null for OpenAI's default of 16. */
    public Builder maxTokens(@Nullable Integer maxTokens) {
      this.maxTokens = maxTokens;
      return this;
    }

    /** 0 to 2. */
    public Builder temperature(@Nullable Double temperature) {
      this.temperature = temperature;
      return this;
    }

    /** 0 to 1. */
    public Builder topP(@Nullable Double topP) {
      this.topP = topP;
      return this;
    }

    /** How many completions of each prompt, 1 to 128. */
    public Builder n(@Nullable Integer n) {
      this.n = n;
      return this;
    }

    /** One to four stop sequences, none empty. */
    public Builder stop(@Nullable List<String> stop) {
      this.stop = stop;
      return this;
    }

    /** Whether the answer is to be streamed; the Java methods decide that by their name. */
    public Builder stream(@Nullable Boolean stream) {
      this.stream = stream;
      return this;
    }

    /** Only together with stream. */
    public Builder streamOptions(@Nullable StreamOptions streamOptions) {
      this.streamOptions = streamOptions;
      return this;
    }

    /** -2 to 2. */
    public Builder presencePenalty(@Nullable Double presencePenalty) {
      this.presencePenalty = presencePenalty;
      return this;
    }

    /** -2 to 2. */
    public Builder frequencyPenalty(@Nullable Double frequencyPenalty) {
      this.frequencyPenalty = frequencyPenalty;
      return this;
    }

    /** -100 to 100 by token id. */
    public Builder logitBias(@Nullable Map<String, Double> logitBias) {
      this.logitBias = logitBias;
      return this;
    }

    /** 0 to 5. */
    public Builder logprobs(@Nullable Integer logprobs) {
      this.logprobs = logprobs;
      return this;
    }

    /** For repeatable sampling. */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    /** Whether the prompt is to be repeated in front. */
    public Builder echo(@Nullable Boolean echo) {
      this.echo = echo;
      return this;
    }

    /** 0 to 20, not below n. */
    public Builder bestOf(@Nullable Integer bestOf) {
      this.bestOf = bestOf;
      return this;
    }

    /** The text that is to follow. */
    public Builder suffix(@Nullable String suffix) {
      this.suffix = suffix;
      return this;
    }

    /** The text that is to be completed. */
    public Builder prompt(String prompt) {
      this.prompt = new Prompt.Texts(List.of(prompt));
      return this;
    }

    /** What is to be completed. */
    public Builder prompt(Prompt prompt) {
      this.prompt = prompt;
      return this;
    }

    /** Sets a field that has no method of its own, by its JSON name. */
    public Builder extra(String name, @Nullable Object value) {
      extra.put(name, value);
      return this;
    }

    /**
     * The request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of its range
     */
    public CreateCompletionRequest build() {
      if (prompt == null) {
        throw InvalidRequestException.badValue(
            "prompt", "missing_required_parameter", "Missing required parameter: 'prompt'.");
      }
      return new CreateCompletionRequest(
          model,
          prompt,
          maxTokens,
          temperature,
          topP,
          n,
          stop,
          stream,
          streamOptions,
          presencePenalty,
          frequencyPenalty,
          logitBias,
          logprobs,
          seed,
          echo,
          bestOf,
          suffix,
          extra);
    }
  }
}
