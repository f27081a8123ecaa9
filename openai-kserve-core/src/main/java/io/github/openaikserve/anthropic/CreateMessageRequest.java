package io.github.openaikserve.anthropic;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.openai.AbstractRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of the Messages API. Immutable.
 *
 * <p>Absent fields are null. Source: Anthropic's API reference, {@code POST /v1/messages}.
 */
public final class CreateMessageRequest extends AbstractRequest {
  private CreateMessageRequest(Builder builder) {
    super(builder);
    if (get("messages") == null) {
      throw InvalidRequestException.badValue(
          "messages", "missing_required_parameter", "Missing required parameter: 'messages'.");
    }
    FieldChecks.notEmpty("messages", messages());
    FieldChecks.integer("max_tokens", maxTokens(), 1, Integer.MAX_VALUE);
    FieldChecks.integer("top_k", topK(), 0, Integer.MAX_VALUE);
    FieldChecks.decimal("temperature", temperature(), 0, 2);
    FieldChecks.decimal("top_p", topP(), 0, 1);
    FieldChecks.word("output_config.effort", effort(), FieldChecks.EFFORTS);
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the fields of this request. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Returns the conversation, at least one message. */
  public List<MessageParam> messages() {
    List<MessageParam> messages = get("messages");
    return messages == null ? List.of() : messages;
  }

  /** Returns the texts of the system prompt, in order; empty for none. */
  public List<String> system() {
    List<String> system = get("system");
    return system == null ? List.of() : system;
  }

  /** Returns the limit of generated tokens; null only in a request to count tokens. */
  public @Nullable Integer maxTokens() {
    return get("max_tokens");
  }

  /** Returns the sampling temperature, 0 to 2 (0 to 1 in Anthropic's API); null if absent. */
  public @Nullable Double temperature() {
    return get("temperature");
  }

  /** Returns the probability mass of nucleus sampling, 0 to 1; null if absent. */
  public @Nullable Double topP() {
    return get("top_p");
  }

  /** Returns the number of most likely tokens to sample from; null if absent. */
  public @Nullable Integer topK() {
    return get("top_k");
  }

  /** Returns the stop sequences; empty for none. */
  public List<String> stopSequences() {
    List<String> stops = get("stop_sequences");
    return stops == null ? List.of() : stops;
  }

  /** Returns the tools that the model may use; empty for none. */
  public List<MessageTool> tools() {
    List<MessageTool> tools = get("tools");
    return tools == null ? List.of() : tools;
  }

  /** Returns the choice of a tool, a JSON object as Anthropic defines it; null if absent. */
  public @Nullable Map<String, @Nullable Object> toolChoice() {
    return get("tool_choice");
  }

  /** Returns the thinking settings, a JSON object as Anthropic defines it; null if absent. */
  public @Nullable Map<String, @Nullable Object> thinking() {
    return get("thinking");
  }

  /** Returns the reasoning effort, such as {@code low}; null if absent. */
  public @Nullable String effort() {
    return get("output_config.effort");
  }

  /** Returns the format of the text, a JSON object as Anthropic defines it; null if absent. */
  public @Nullable Map<String, @Nullable Object> outputFormat() {
    return get("output_config.format");
  }

  /** Returns the id of the end user; null if absent. */
  public @Nullable String userId() {
    return get("metadata.user_id");
  }

  /**
   * Returns whether the answer is streamed over HTTP; null if absent. In Java, the called method
   * decides.
   */
  public @Nullable Boolean stream() {
    return get("stream");
  }

  /**
   * Returns the model and the numbers of messages and tools; never the conversation, which must not
   * be logged.
   */
  @Override
  public String toString() {
    return "CreateMessageRequest[model=%s, messages=%d, tools=%d]"
        .formatted(model(), messages().size(), tools().size());
  }

  /** A builder of requests. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    private Builder(CreateMessageRequest request) {
      copyOf(request);
    }

    /** Adds a user message. */
    public Builder user(String text) {
      return message(MessageParam.user(text));
    }

    /** Adds an assistant message. If it is the last message, the answer continues it. */
    public Builder assistant(String text) {
      return message(MessageParam.assistant(text));
    }

    /** Adds a message. */
    public Builder message(MessageParam message) {
      List<MessageParam> current = get("messages");
      List<MessageParam> all = new ArrayList<>(current == null ? List.of() : current);
      all.add(message);
      return messages(all);
    }

    /** Sets the conversation. */
    public Builder messages(@Nullable List<MessageParam> messages) {
      return setList("messages", messages);
    }

    /** Sets the system prompt. */
    public Builder system(String text) {
      return system(List.of(text));
    }

    /** Sets the texts of the system prompt; null removes them. */
    public Builder system(@Nullable List<String> texts) {
      return setList("system", texts);
    }

    /** Sets the limit of generated tokens; null removes it. */
    public Builder maxTokens(@Nullable Integer maxTokens) {
      return set("max_tokens", maxTokens);
    }

    /** Sets the sampling temperature, 0 to 2. */
    public Builder temperature(double temperature) {
      return set("temperature", temperature);
    }

    /** Sets the sampling temperature, 0 to 2; null removes it. */
    public Builder temperature(@Nullable Double temperature) {
      return set("temperature", temperature);
    }

    /** Sets the probability mass of nucleus sampling, 0 to 1. */
    public Builder topP(double topP) {
      return set("top_p", topP);
    }

    /** Sets the probability mass of nucleus sampling, 0 to 1; null removes it. */
    public Builder topP(@Nullable Double topP) {
      return set("top_p", topP);
    }

    /** Sets the number of most likely tokens to sample from; null removes it. */
    public Builder topK(@Nullable Integer topK) {
      return set("top_k", topK);
    }

    /** Sets one to four non-empty stop sequences. */
    public Builder stopSequences(String... stops) {
      return stopSequences(List.of(stops));
    }

    /** Sets up to four non-empty stop sequences; null removes them. */
    public Builder stopSequences(@Nullable List<String> stops) {
      return setList("stop_sequences", stops);
    }

    /** Adds a tool that the model may use. */
    public Builder tool(MessageTool tool) {
      List<MessageTool> current = get("tools");
      List<MessageTool> all = new ArrayList<>(current == null ? List.of() : current);
      all.add(tool);
      return tools(all);
    }

    /** Sets the tools that the model may use; null removes them. */
    public Builder tools(@Nullable List<MessageTool> tools) {
      return setList("tools", tools);
    }

    /** Sets the choice of a tool, a JSON object as Anthropic defines it; null removes it. */
    public Builder toolChoice(@Nullable Map<String, ? extends @Nullable Object> toolChoice) {
      return set("tool_choice", toolChoice);
    }

    /** Enables thinking with a maximum number of tokens. */
    public Builder thinking(int budgetTokens) {
      return thinking(Map.of("type", "enabled", "budget_tokens", budgetTokens));
    }

    /** Sets the thinking settings, a JSON object as Anthropic defines it; null removes them. */
    public Builder thinking(@Nullable Map<String, ? extends @Nullable Object> thinking) {
      return set("thinking", thinking);
    }

    /** Sets the reasoning effort, such as {@code low}; null removes it. */
    public Builder effort(@Nullable String effort) {
      return set("output_config.effort", effort);
    }

    /** Sets the format of the text, a JSON object as Anthropic defines it; null removes it. */
    public Builder outputFormat(@Nullable Map<String, ? extends @Nullable Object> format) {
      return set("output_config.format", format);
    }

    /** Requires a text that is valid against a JSON Schema, given as plain JSON values. */
    public Builder outputSchema(Map<String, ? extends @Nullable Object> schema) {
      return outputFormat(Map.of("type", "json_schema", "schema", schema));
    }

    /** Sets the id of the end user; null removes it. */
    public Builder userId(@Nullable String userId) {
      return set("metadata.user_id", userId);
    }

    /**
     * Sets whether the answer is streamed over HTTP; null removes it. In Java, the called method
     * decides.
     */
    public Builder stream(@Nullable Boolean stream) {
      return set("stream", stream);
    }

    /**
     * Builds the request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of range
     */
    public CreateMessageRequest build() {
      return new CreateMessageRequest(this);
    }
  }
}
