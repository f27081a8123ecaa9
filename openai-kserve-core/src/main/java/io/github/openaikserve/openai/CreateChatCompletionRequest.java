package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.internal.fields.KeptFieldChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat completion request. Immutable.
 *
 * <p>Absent fields are null. Source: OpenAI's schema {@code CreateChatCompletionRequest}.
 */
public final class CreateChatCompletionRequest extends GenerationRequest {
  private CreateChatCompletionRequest(Builder builder) {
    super(builder, 1);
    FieldChecks.array("messages", messages(), FieldChecks.MAX_ITEMS);
    FieldChecks.integer("max_completion_tokens", maxCompletionTokens(), 1, Integer.MAX_VALUE);
    FieldChecks.integer("top_logprobs", topLogprobs(), 0, 20);
    if (topLogprobs() != null && !Boolean.TRUE.equals(logprobs())) {
      throw InvalidRequestException.badValue(
          "top_logprobs",
          null,
          "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.");
    }
    if (!extra().isEmpty()) {
      KeptFieldChecks.chat(extra());
    }
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the fields of this request. */
  public Builder toBuilder() {
    return new Builder().copyOf(this);
  }

  /** Returns a copy of this request with another conversation. */
  public CreateChatCompletionRequest withMessages(List<ChatCompletionRequestMessage> messages) {
    return toBuilder().set("messages", List.copyOf(messages)).build();
  }

  /** Returns the conversation, at least one message. */
  public List<ChatCompletionRequestMessage> messages() {
    List<ChatCompletionRequestMessage> messages = get("messages");
    return messages == null ? List.of() : messages;
  }

  /**
   * Returns the limit of generated tokens in OpenAI's newer field, which takes precedence over
   * {@link #maxTokens}; null if absent.
   */
  public @Nullable Integer maxCompletionTokens() {
    return get("max_completion_tokens");
  }

  /** Returns the limit of generated tokens from either field; null if both are absent. */
  public @Nullable Integer tokenLimit() {
    Integer newer = maxCompletionTokens();
    return newer != null ? newer : maxTokens();
  }

  /** Returns whether to return the log probabilities of tokens; null if absent. */
  public @Nullable Boolean logprobs() {
    return get("logprobs");
  }

  /** Returns the number of most likely tokens to return, 0 to 20; null if absent. */
  public @Nullable Integer topLogprobs() {
    return get("top_logprobs");
  }

  /** Returns the format of the answer, a JSON object as OpenAI defines it; null if absent. */
  public @Nullable Map<String, @Nullable Object> responseFormat() {
    return get("response_format");
  }

  /** Returns the tools that the model may call; null if absent. */
  public @Nullable List<ChatCompletionTool> tools() {
    return get("tools");
  }

  /** Returns the choice of a tool, a JSON string or object as OpenAI defines it; null if absent. */
  public @Nullable Object toolChoice() {
    return get("tool_choice");
  }

  /** Returns whether the model may call several tools in one answer; null if absent. */
  public @Nullable Boolean parallelToolCalls() {
    return get("parallel_tool_calls");
  }

  /** Returns the reasoning effort, such as {@code low}; null if absent. */
  public @Nullable String reasoningEffort() {
    return get("reasoning_effort");
  }

  /**
   * Returns the model and the numbers of messages and tools; never the conversation, which must not
   * be logged.
   */
  @Override
  public String toString() {
    List<ChatCompletionTool> tools = tools();
    return "CreateChatCompletionRequest[model=%s, messages=%d, tools=%d]"
        .formatted(model(), messages().size(), tools == null ? 0 : tools.size());
  }

  /**
   * A builder of requests. Not thread-safe.
   *
   * <p>{@link #system}, {@link #user}, {@link #assistant} and {@link #message} append to the
   * conversation. {@link #endUser} sets OpenAI's field {@code user}.
   */
  public static final class Builder extends GenerationRequest.Builder<Builder> {
    private Builder() {}

    /**
     * Sets the limit of generated tokens in OpenAI's newer field, which takes precedence over
     * {@link #maxTokens}; null removes it.
     */
    public Builder maxCompletionTokens(@Nullable Integer maxCompletionTokens) {
      return set("max_completion_tokens", maxCompletionTokens);
    }

    /** Sets whether to return the log probabilities of tokens; null removes it. */
    public Builder logprobs(@Nullable Boolean logprobs) {
      return set("logprobs", logprobs);
    }

    /**
     * Sets the number of most likely tokens to return, 0 to 20; requires {@link #logprobs}. Null
     * removes it.
     */
    public Builder topLogprobs(@Nullable Integer topLogprobs) {
      return set("top_logprobs", topLogprobs);
    }

    /** Sets the format of the answer, a JSON object as OpenAI defines it; null removes it. */
    public Builder responseFormat(@Nullable Map<String, ? extends @Nullable Object> format) {
      return set("response_format", format);
    }

    /**
     * Requires an answer that is valid against a JSON Schema, in OpenAI's strict mode.
     *
     * @param name the name of the schema: letters, digits, underscores and dashes
     * @param schema the JSON Schema, as plain JSON values
     */
    public Builder responseSchema(String name, Map<String, ? extends @Nullable Object> schema) {
      return responseFormat(
          Map.of(
              "type",
              "json_schema",
              "json_schema",
              Map.of("name", name, "schema", schema, "strict", true)));
    }

    /** Adds a tool that the model may call. */
    public Builder tool(ChatCompletionTool tool) {
      return tools(List.of(tool));
    }

    /** Adds tools that the model may call. */
    public Builder tools(List<ChatCompletionTool> tools) {
      return add("tools", tools);
    }

    /** Sets the choice of a tool, a JSON string or object as OpenAI defines it; null removes it. */
    public Builder toolChoice(@Nullable Object toolChoice) {
      return set("tool_choice", toolChoice);
    }

    /** Sets whether the model may call several tools in one answer; null removes it. */
    public Builder parallelToolCalls(@Nullable Boolean parallelToolCalls) {
      return set("parallel_tool_calls", parallelToolCalls);
    }

    /** Sets the reasoning effort, such as {@code low}; null removes it. */
    public Builder reasoningEffort(@Nullable String reasoningEffort) {
      return set("reasoning_effort", reasoningEffort);
    }

    /** Adds a message. */
    public Builder message(ChatCompletionRequestMessage message) {
      return messages(List.of(message));
    }

    /** Adds messages. */
    public Builder messages(List<? extends ChatCompletionRequestMessage> messages) {
      return add("messages", messages);
    }

    /** Adds a system message with one text. */
    public Builder system(String text) {
      return message(ChatCompletionRequestMessage.system(text));
    }

    /** Adds a user message with one text. */
    public Builder user(String text) {
      return message(ChatCompletionRequestMessage.user(text));
    }

    /** Adds a user message with parts, such as texts and images. */
    public Builder user(ContentPart... parts) {
      return message(ChatCompletionRequestMessage.user(parts));
    }

    /** Adds an assistant message with one text. */
    public Builder assistant(String text) {
      return message(ChatCompletionRequestMessage.assistant(text));
    }

    private Builder add(String name, List<?> more) {
      List<?> current = get(name);
      List<Object> all = new ArrayList<>(current == null ? List.of() : current);
      all.addAll(more);
      return setList(name, all);
    }

    /**
     * Builds the request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of range
     */
    public CreateChatCompletionRequest build() {
      return new CreateChatCompletionRequest(this);
    }
  }
}
