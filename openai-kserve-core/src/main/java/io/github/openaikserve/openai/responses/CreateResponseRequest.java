package io.github.openaikserve.openai.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.internal.fields.KeptFieldChecks;
import io.github.openaikserve.openai.AbstractRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of the Responses API. Immutable.
 *
 * <p>Absent fields are null. Source: OpenAI's schema {@code CreateResponse}.
 */
public final class CreateResponseRequest extends AbstractRequest {
  private CreateResponseRequest(Builder builder) {
    super(builder);
    ResponseInput input = input();
    if (input == null && previousResponseId() == null && conversation() == null) {
      throw InvalidRequestException.badValue(
          "input", "missing_required_parameter", "Missing required parameter: 'input'.");
    }
    if (input instanceof ResponseInput.Items items) {
      FieldChecks.array("input", items.items(), FieldChecks.MAX_ITEMS);
    }
    if (previousResponseId() != null && conversation() != null) {
      throw InvalidRequestException.badValue(
          "conversation",
          "mutually_exclusive_parameters",
          "Invalid 'conversation': not allowed together with 'previous_response_id'.");
    }
    FieldChecks.integer("max_output_tokens", maxOutputTokens(), 1, Integer.MAX_VALUE);
    FieldChecks.integer("max_tool_calls", maxToolCalls(), 1, Integer.MAX_VALUE);
    FieldChecks.integer("top_logprobs", topLogprobs(), 0, 20);
    FieldChecks.decimal("temperature", temperature(), 0, 2);
    FieldChecks.decimal("top_p", topP(), 0, 1);
    KeptFieldChecks.metadata(metadata());
    FieldChecks.word("reasoning.effort", reasoningEffort(), FieldChecks.EFFORTS);
    FieldChecks.word("reasoning.summary", reasoningSummary(), FieldChecks.SUMMARIES);
    FieldChecks.word("text.verbosity", verbosity(), FieldChecks.VERBOSITIES);
    FieldChecks.word("truncation", truncation(), FieldChecks.TRUNCATIONS);
    KeptFieldChecks.response(extra());
    for (int i = 0; i < include().size(); i++) {
      FieldChecks.word("include[" + i + "]", include().get(i), FieldChecks.INCLUDES);
    }
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the fields of this request. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Returns the input; null only if the request continues a stored conversation without one. */
  public @Nullable ResponseInput input() {
    return get("input");
  }

  /** Returns the instructions that precede the conversation; null if absent. */
  public @Nullable String instructions() {
    return get("instructions");
  }

  /** Returns the limit of generated tokens; null if absent. */
  public @Nullable Integer maxOutputTokens() {
    return get("max_output_tokens");
  }

  /**
   * Returns the limit of calls of hosted tools; null if absent. Has no effect, because models here
   * do not call hosted tools.
   */
  public @Nullable Integer maxToolCalls() {
    return get("max_tool_calls");
  }

  /** Returns the sampling temperature, 0 to 2; null if absent. */
  public @Nullable Double temperature() {
    return get("temperature");
  }

  /** Returns the probability mass of nucleus sampling, 0 to 1; null if absent. */
  public @Nullable Double topP() {
    return get("top_p");
  }

  /** Returns the number of most likely tokens to return, 0 to 20; null if absent. */
  public @Nullable Integer topLogprobs() {
    return get("top_logprobs");
  }

  /** Returns the tools that the model may use; null if absent. */
  public @Nullable List<ResponseTool> tools() {
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
    return get("reasoning.effort");
  }

  /** Returns the level of detail of the reasoning summary, such as {@code auto}; null if absent. */
  public @Nullable String reasoningSummary() {
    return get("reasoning.summary");
  }

  /** Returns the format of the text, a JSON object as OpenAI defines it; null if absent. */
  public @Nullable Map<String, @Nullable Object> textFormat() {
    return get("text.format");
  }

  /** Returns the verbosity of the text, such as {@code low}; null if absent. */
  public @Nullable String verbosity() {
    return get("text.verbosity");
  }

  /**
   * Returns additional data to include in the response, such as {@code
   * message.output_text.logprobs}; empty for none.
   */
  public List<String> include() {
    List<String> include = get("include");
    return include == null ? List.of() : include;
  }

  /**
   * Returns the handling of a conversation that is too long, {@code auto} or {@code disabled}; null
   * if absent.
   */
  public @Nullable String truncation() {
    return get("truncation");
  }

  /** Returns the caller's metadata, which the response repeats; null if absent. */
  public @Nullable Map<String, String> metadata() {
    return get("metadata");
  }

  /** Returns whether to store the response; null if absent. */
  public @Nullable Boolean store() {
    return get("store");
  }

  /** Returns whether to answer immediately and generate in the background; null if absent. */
  public @Nullable Boolean background() {
    return get("background");
  }

  /** Returns the id of the stored response that this one continues; null if absent. */
  public @Nullable String previousResponseId() {
    return get("previous_response_id");
  }

  /** Returns the id of the stored conversation that this response continues; null if absent. */
  public @Nullable String conversation() {
    return get("conversation");
  }

  /**
   * Returns whether the answer is streamed over HTTP; null if absent. In Java, the called method
   * decides.
   */
  public @Nullable Boolean stream() {
    return get("stream");
  }

  /**
   * Returns the model and the numbers of items and tools; never the conversation, which must not be
   * logged.
   */
  @Override
  public String toString() {
    List<ResponseTool> tools = tools();
    ResponseInput input = input();
    return "CreateResponseRequest[model=%s, items=%d, tools=%d]"
        .formatted(
            model(), input == null ? 0 : input.items().size(), tools == null ? 0 : tools.size());
  }

  /** A builder of requests. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    private Builder(CreateResponseRequest request) {
      copyOf(request);
    }

    /** Sets the input to a user's text. */
    public Builder input(String text) {
      return input(ResponseInput.of(text));
    }

    /** Sets the input to items. */
    public Builder input(List<? extends ResponseItem> items) {
      return input(ResponseInput.of(items));
    }

    /** Sets the input; null removes it. */
    public Builder input(@Nullable ResponseInput input) {
      return set("input", input);
    }

    /** Sets the instructions that precede the conversation; null removes them. */
    public Builder instructions(@Nullable String instructions) {
      return set("instructions", instructions);
    }

    /** Sets the limit of generated tokens; null removes it. */
    public Builder maxOutputTokens(@Nullable Integer maxOutputTokens) {
      return set("max_output_tokens", maxOutputTokens);
    }

    /** Sets the limit of calls of hosted tools; null removes it. */
    public Builder maxToolCalls(@Nullable Integer maxToolCalls) {
      return set("max_tool_calls", maxToolCalls);
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

    /** Sets the number of most likely tokens to return, 0 to 20; null removes it. */
    public Builder topLogprobs(@Nullable Integer topLogprobs) {
      return set("top_logprobs", topLogprobs);
    }

    /** Adds a tool that the model may use. */
    public Builder tool(ResponseTool tool) {
      List<ResponseTool> current = get("tools");
      List<ResponseTool> all = new ArrayList<>(current == null ? List.of() : current);
      all.add(tool);
      return tools(all);
    }

    /** Sets the tools that the model may use; null removes them. */
    public Builder tools(@Nullable List<ResponseTool> tools) {
      return setList("tools", tools);
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
    public Builder reasoningEffort(@Nullable String effort) {
      return set("reasoning.effort", effort);
    }

    /** Sets the level of detail of the reasoning summary, such as {@code auto}; null removes it. */
    public Builder reasoningSummary(@Nullable String summary) {
      return set("reasoning.summary", summary);
    }

    /** Sets the format of the text, a JSON object as OpenAI defines it; null removes it. */
    public Builder textFormat(@Nullable Map<String, ? extends @Nullable Object> format) {
      return set("text.format", format);
    }

    /**
     * Requires a text that is valid against a JSON Schema, in OpenAI's strict mode.
     *
     * @param name the name of the schema: letters, digits, underscores and dashes
     * @param schema the JSON Schema, as plain JSON values
     */
    public Builder textSchema(String name, Map<String, ? extends @Nullable Object> schema) {
      return textFormat(
          Map.of("type", "json_schema", "name", name, "schema", schema, "strict", true));
    }

    /** Sets the verbosity of the text, such as {@code low}; null removes it. */
    public Builder verbosity(@Nullable String verbosity) {
      return set("text.verbosity", verbosity);
    }

    /**
     * Sets additional data to include in the response, such as {@code
     * message.output_text.logprobs}; null removes it.
     */
    public Builder include(@Nullable List<String> include) {
      return setList("include", include);
    }

    /**
     * Sets the handling of a conversation that is too long, {@code auto} or {@code disabled}; null
     * removes it.
     */
    public Builder truncation(@Nullable String truncation) {
      return set("truncation", truncation);
    }

    /** Sets the caller's metadata, which the response repeats; null removes it. */
    public Builder metadata(@Nullable Map<String, String> metadata) {
      return setMap("metadata", metadata);
    }

    /** Sets whether to store the response; null removes it. */
    public Builder store(@Nullable Boolean store) {
      return set("store", store);
    }

    /** Sets whether to answer immediately and generate in the background; null removes it. */
    public Builder background(@Nullable Boolean background) {
      return set("background", background);
    }

    /** Sets the id of the stored response that this one continues; null removes it. */
    public Builder previousResponseId(@Nullable String id) {
      return set("previous_response_id", id);
    }

    /** Sets the id of the stored conversation that this response continues; null removes it. */
    public Builder conversation(@Nullable String id) {
      return set("conversation", id);
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
    public CreateResponseRequest build() {
      return new CreateResponseRequest(this);
    }
  }
}
