package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for an answer to a conversation. Immutable.
 *
 * <p>Null means absent. Source: OpenAI's schema {@code CreateChatCompletionRequest}.
 *
 * @param model the model; null for the default one
 * @param messages the conversation, at least one message
 * @param maxTokens the limit of generated tokens, at least 1; the older name
 * @param maxCompletionTokens the same by its newer name, which wins
 * @param temperature 0 to 2
 * @param topP 0 to 1
 * @param n how many answers, 1 to 128
 * @param stop one to four stop sequences, none empty
 * @param stream whether the answer is to be streamed; the Java methods decide that by their name
 * @param streamOptions only together with stream
 * @param presencePenalty -2 to 2
 * @param frequencyPenalty -2 to 2
 * @param logitBias -100 to 100 by token id
 * @param logprobs whether log probabilities are wanted
 * @param topLogprobs 0 to 20, only together with logprobs
 * @param seed for repeatable sampling
 * @param responseFormat a JSON object as OpenAI defines it
 * @param tools what the model may call
 * @param toolChoice a JSON string or object as OpenAI defines it
 * @param parallelToolCalls whether several calls at once are allowed
 * @param reasoningEffort how much to think, in OpenAI's words
 * @param extra every other field by its JSON name: OpenAI's that change nothing in a generation
 *     (such as {@code user} or {@code metadata}) and unknown ones (such as {@code top_k})
 */
public record CreateChatCompletionRequest(
    @Nullable String model,
    List<ChatCompletionRequestMessage> messages,
    @Nullable Integer maxTokens,
    @Nullable Integer maxCompletionTokens,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer n,
    @Nullable List<String> stop,
    @Nullable Boolean stream,
    @Nullable StreamOptions streamOptions,
    @Nullable Double presencePenalty,
    @Nullable Double frequencyPenalty,
    @Nullable Map<String, Double> logitBias,
    @Nullable Boolean logprobs,
    @Nullable Integer topLogprobs,
    @Nullable Long seed,
    @Nullable Map<String, @Nullable Object> responseFormat,
    @Nullable List<ChatCompletionTool> tools,
    @Nullable Object toolChoice,
    @Nullable Boolean parallelToolCalls,
    @Nullable String reasoningEffort,
    Map<String, @Nullable Object> extra) {

  /**
   * Checks ranges and combinations, and copies.
   *
   * @throws InvalidRequestException naming the field that is out of its range
   */
  public CreateChatCompletionRequest {
    messages = List.copyOf(messages);
    Limits.array("messages", messages, Limits.MAX_ITEMS);
    Limits.integer("max_tokens", maxTokens, 1, Integer.MAX_VALUE);
    Limits.integer("max_completion_tokens", maxCompletionTokens, 1, Integer.MAX_VALUE);
    Limits.decimal("temperature", temperature, 0, 2);
    Limits.decimal("top_p", topP, 0, 1);
    Limits.integer("n", n, 1, Limits.MAX_CHOICES);
    stop = Limits.stop(stop);
    Limits.streamOptions(streamOptions, stream);
    Limits.decimal("presence_penalty", presencePenalty, -2, 2);
    Limits.decimal("frequency_penalty", frequencyPenalty, -2, 2);
    Limits.logitBias(logitBias);
    logitBias = logitBias == null ? null : Map.copyOf(logitBias);
    Limits.integer("top_logprobs", topLogprobs, 0, 20);
    if (topLogprobs != null && !Boolean.TRUE.equals(logprobs)) {
      throw InvalidRequestException.badValue(
          "top_logprobs",
          null,
          "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.");
    }
    responseFormat = Limits.jsonOrNull(responseFormat);
    tools = Limits.listOrNull(tools);
    extra = Limits.json(extra);
  }

  /** A builder that has nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** The limit of generated tokens by either of its names; null for none. */
  public @Nullable Integer tokenLimit() {
    return maxCompletionTokens != null ? maxCompletionTokens : maxTokens;
  }

  /** The same request with another conversation. */
  public CreateChatCompletionRequest withMessages(List<ChatCompletionRequestMessage> other) {
    return new CreateChatCompletionRequest(
        model,
        other,
        maxTokens,
        maxCompletionTokens,
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
        topLogprobs,
        seed,
        responseFormat,
        tools,
        toolChoice,
        parallelToolCalls,
        reasoningEffort,
        extra);
  }

  /** Gathers the fields of a request. Not thread-safe. */
  public static final class Builder {
    private @Nullable String model;
    private final List<ChatCompletionRequestMessage> messages = new ArrayList<>();
    private @Nullable Integer maxTokens;
    private @Nullable Integer maxCompletionTokens;
    private @Nullable Double temperature;
    private @Nullable Double topP;
    private @Nullable Integer n;
    private @Nullable List<String> stop;
    private @Nullable Boolean stream;
    private @Nullable StreamOptions streamOptions;
    private @Nullable Double presencePenalty;
    private @Nullable Double frequencyPenalty;
    private @Nullable Map<String, Double> logitBias;
    private @Nullable Boolean logprobs;
    private @Nullable Integer topLogprobs;
    private @Nullable Long seed;
    private @Nullable Map<String, @Nullable Object> responseFormat;
    private @Nullable List<ChatCompletionTool> tools;
    private @Nullable Object toolChoice;
    private @Nullable Boolean parallelToolCalls;
    private @Nullable String reasoningEffort;
    private final Map<String, @Nullable Object> extra = new LinkedHashMap<>();

    private Builder() {}

    /** The model; null for the default one. */
    public Builder model(@Nullable String model) {
      this.model = model;
      return this;
    }

    /** The limit of generated tokens, at least 1; the older name. */
    public Builder maxTokens(@Nullable Integer maxTokens) {
      this.maxTokens = maxTokens;
      return this;
    }

    /** The same by its newer name, which wins. */
    public Builder maxCompletionTokens(@Nullable Integer maxCompletionTokens) {
      this.maxCompletionTokens = maxCompletionTokens;
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

    /** How many answers, 1 to 128. */
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

    /** Whether log probabilities are wanted. */
    public Builder logprobs(@Nullable Boolean logprobs) {
      this.logprobs = logprobs;
      return this;
    }

    /** 0 to 20, only together with logprobs. */
    public Builder topLogprobs(@Nullable Integer topLogprobs) {
      this.topLogprobs = topLogprobs;
      return this;
    }

    /** For repeatable sampling. */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    /** A JSON object as OpenAI defines it. */
    public Builder responseFormat(@Nullable Map<String, @Nullable Object> responseFormat) {
      this.responseFormat = responseFormat;
      return this;
    }

    /** What the model may call. */
    public Builder tools(@Nullable List<ChatCompletionTool> tools) {
      this.tools = tools;
      return this;
    }

    /** A JSON string or object as OpenAI defines it. */
    public Builder toolChoice(@Nullable Object toolChoice) {
      this.toolChoice = toolChoice;
      return this;
    }

    /** Whether several calls at once are allowed. */
    public Builder parallelToolCalls(@Nullable Boolean parallelToolCalls) {
      this.parallelToolCalls = parallelToolCalls;
      return this;
    }

    /** How much to think, in OpenAI's words. */
    public Builder reasoningEffort(@Nullable String reasoningEffort) {
      this.reasoningEffort = reasoningEffort;
      return this;
    }

    /** Adds a message. */
    public Builder message(ChatCompletionRequestMessage message) {
      messages.add(message);
      return this;
    }

    /** Adds a system message of one text. */
    public Builder system(String text) {
      return message(ChatCompletionRequestMessage.system(text));
    }

    /** Adds a user message of one text. */
    public Builder user(String text) {
      return message(ChatCompletionRequestMessage.user(text));
    }

    /** Adds an assistant message of one text. */
    public Builder assistant(String text) {
      return message(ChatCompletionRequestMessage.assistant(text));
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
    public CreateChatCompletionRequest build() {
      return new CreateChatCompletionRequest(
          model,
          messages,
          maxTokens,
          maxCompletionTokens,
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
          topLogprobs,
          seed,
          responseFormat,
          tools,
          toolChoice,
          parallelToolCalls,
          reasoningEffort,
          extra);
    }
  }
}
