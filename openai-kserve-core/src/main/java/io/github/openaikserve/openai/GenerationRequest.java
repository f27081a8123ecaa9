package io.github.openaikserve.openai;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for generated text, with the fields that chat and text completion requests share.
 * Immutable.
 */
public abstract sealed class GenerationRequest extends AbstractRequest
    permits CreateChatCompletionRequest, CreateCompletionRequest {
  GenerationRequest(Builder<?> builder, int leastTokens) {
    super(builder);
    FieldChecks.integer("max_tokens", maxTokens(), leastTokens, Integer.MAX_VALUE);
    FieldChecks.decimal("temperature", temperature(), 0, 2);
    FieldChecks.decimal("top_p", topP(), 0, 1);
    FieldChecks.integer("n", n(), 1, FieldChecks.MAX_CHOICES);
    FieldChecks.stop(stop());
    FieldChecks.decimal("presence_penalty", presencePenalty(), -2, 2);
    FieldChecks.decimal("frequency_penalty", frequencyPenalty(), -2, 2);
    FieldChecks.logitBias(logitBias());
  }

  /** Returns the limit of generated tokens; null if absent. */
  public @Nullable Integer maxTokens() {
    return get("max_tokens");
  }

  /** Returns the sampling temperature, 0 to 2; null if absent. */
  public @Nullable Double temperature() {
    return get("temperature");
  }

  /** Returns the probability mass of nucleus sampling, 0 to 1; null if absent. */
  public @Nullable Double topP() {
    return get("top_p");
  }

  /** Returns the number of answers to generate for each prompt, 1 to 128; null if absent. */
  public @Nullable Integer n() {
    return get("n");
  }

  /** Returns one to four non-empty stop sequences; null if absent. */
  public @Nullable List<String> stop() {
    return get("stop");
  }

  /**
   * Returns whether the answer is streamed over HTTP; null if absent. In Java, the called method
   * decides.
   */
  public @Nullable Boolean stream() {
    return get("stream");
  }

  /** Returns the options of a stream; null if absent. */
  public @Nullable StreamOptions streamOptions() {
    return get("stream_options");
  }

  /** Returns the penalty of tokens that are already in the text, -2 to 2; null if absent. */
  public @Nullable Double presencePenalty() {
    return get("presence_penalty");
  }

  /** Returns the penalty of tokens by their frequency in the text, -2 to 2; null if absent. */
  public @Nullable Double frequencyPenalty() {
    return get("frequency_penalty");
  }

  /** Returns biases from -100 to 100 by token id; null if absent. */
  public @Nullable Map<String, Double> logitBias() {
    return get("logit_bias");
  }

  /** Returns the seed for reproducible sampling; null if absent. */
  public @Nullable Long seed() {
    return get("seed");
  }

  /**
   * A builder of requests. Not thread-safe.
   *
   * @param <B> the builder itself
   */
  public abstract static sealed class Builder<B extends Builder<B>>
      extends AbstractRequest.Builder<B>
      permits CreateChatCompletionRequest.Builder, CreateCompletionRequest.Builder {
    Builder() {}

    /** Sets the limit of generated tokens; null removes it. */
    public B maxTokens(@Nullable Integer maxTokens) {
      return set("max_tokens", maxTokens);
    }

    /** Sets the sampling temperature, 0 to 2. */
    public B temperature(double temperature) {
      return set("temperature", temperature);
    }

    /** Sets the sampling temperature, 0 to 2; null removes it. */
    public B temperature(@Nullable Double temperature) {
      return set("temperature", temperature);
    }

    /** Sets the probability mass of nucleus sampling, 0 to 1. */
    public B topP(double topP) {
      return set("top_p", topP);
    }

    /** Sets the probability mass of nucleus sampling, 0 to 1; null removes it. */
    public B topP(@Nullable Double topP) {
      return set("top_p", topP);
    }

    /** Sets the number of answers to generate for each prompt, 1 to 128; null removes it. */
    public B n(@Nullable Integer n) {
      return set("n", n);
    }

    /** Sets one to four non-empty stop sequences. */
    public B stop(String... stop) {
      return stop(List.of(stop));
    }

    /** Sets one to four non-empty stop sequences; null removes them. */
    public B stop(@Nullable List<String> stop) {
      return setList("stop", stop);
    }

    /**
     * Sets whether the answer is streamed over HTTP; null removes it. In Java, the called method
     * decides.
     */
    public B stream(@Nullable Boolean stream) {
      return set("stream", stream);
    }

    /**
     * Sets the options of a stream; null removes them. In HTTP requests only valid together with
     * {@code stream}.
     */
    public B streamOptions(@Nullable StreamOptions streamOptions) {
      return set("stream_options", streamOptions);
    }

    /** Requests a last chunk with the token usage if the answer is streamed. */
    public B includeUsage() {
      return streamOptions(new StreamOptions(true));
    }

    /** Sets the penalty of tokens that are already in the text, -2 to 2. */
    public B presencePenalty(double presencePenalty) {
      return set("presence_penalty", presencePenalty);
    }

    /** Sets the penalty of tokens that are already in the text, -2 to 2; null removes it. */
    public B presencePenalty(@Nullable Double presencePenalty) {
      return set("presence_penalty", presencePenalty);
    }

    /** Sets the penalty of tokens by their frequency in the text, -2 to 2. */
    public B frequencyPenalty(double frequencyPenalty) {
      return set("frequency_penalty", frequencyPenalty);
    }

    /** Sets the penalty of tokens by their frequency in the text, -2 to 2; null removes it. */
    public B frequencyPenalty(@Nullable Double frequencyPenalty) {
      return set("frequency_penalty", frequencyPenalty);
    }

    /** Sets biases from -100 to 100 by token id; null removes them. */
    public B logitBias(@Nullable Map<String, Double> logitBias) {
      return setMap("logit_bias", logitBias);
    }

    /** Sets the seed for reproducible sampling. */
    public B seed(long seed) {
      return set("seed", seed);
    }

    /** Sets the seed for reproducible sampling; null removes it. */
    public B seed(@Nullable Long seed) {
      return set("seed", seed);
    }

    /** Sets the end user, OpenAI's field {@code user}. */
    public B endUser(String user) {
      return extra("user", user);
    }
  }
}
