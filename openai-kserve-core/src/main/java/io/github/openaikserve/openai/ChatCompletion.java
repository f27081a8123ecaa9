package io.github.openaikserve.openai;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer to a chat request. Immutable.
 *
 * @param created seconds since 1970
 * @param usage null if unknown
 * @param droppedParams the request fields that had no effect because the model server has no tensor
 *     for them; not part of the JSON
 * @param serviceTier the tier that served the request, always {@code default}; null unless the
 *     request sets a tier
 * @param metadata the metadata of the request, as JSON values; empty if it has none
 */
public record ChatCompletion(
    String id,
    long created,
    String model,
    List<Choice> choices,
    @Nullable CompletionUsage usage,
    List<String> droppedParams,
    @Nullable String serviceTier,
    Map<String, @Nullable Object> metadata) {

  /** Copies the lists and the map. */
  public ChatCompletion {
    choices = List.copyOf(choices);
    droppedParams = List.copyOf(droppedParams);
    metadata = FieldChecks.json(metadata);
  }

  /** Creates an answer without a service tier or metadata. */
  public ChatCompletion(
      String id,
      long created,
      String model,
      List<Choice> choices,
      @Nullable CompletionUsage usage,
      List<String> droppedParams) {
    this(id, created, model, choices, usage, droppedParams, null, Map.of());
  }

  /**
   * Returns the message of the first choice. Append it to the conversation to continue.
   *
   * @throws IllegalStateException if there are no choices
   */
  public Message message() {
    return first().message();
  }

  /**
   * Returns the finish reason of the first choice.
   *
   * @throws IllegalStateException if there are no choices
   */
  public FinishReason finishReason() {
    return first().finishReason();
  }

  private Choice first() {
    if (choices.isEmpty()) {
      throw new IllegalStateException("the answer has no choices");
    }
    return choices.get(0);
  }

  /** Returns the text of the first choice; empty if there is no text or no choice. */
  public String text() {
    String content = choices.isEmpty() ? null : message().content();
    return content == null ? "" : content;
  }

  /** Returns the tool calls of the first choice; empty if there are none. */
  public List<ChatCompletionMessageToolCall> toolCalls() {
    return choices.isEmpty() ? List.of() : message().toolCalls();
  }

  /**
   * One choice of an answer.
   *
   * @param logprobs the log probabilities of each token; null unless requested
   */
  public record Choice(
      int index,
      Message message,
      FinishReason finishReason,
      @Nullable List<ChatCompletionTokenLogprob> logprobs) {
    /** Copies the list. */
    public Choice {
      logprobs = FieldChecks.listOrNull(logprobs);
    }

    /** Creates a choice without log probabilities. */
    public Choice(int index, Message message, FinishReason finishReason) {
      this(index, message, finishReason, null);
    }
  }

  /**
   * The assistant's message.
   *
   * @param content the text; null if there are only tool calls
   * @param reasoningContent the reasoning before the answer; null for none
   * @param toolCalls the tool calls; empty for none
   */
  public record Message(
      @Nullable String content,
      @Nullable String reasoningContent,
      List<ChatCompletionMessageToolCall> toolCalls) {
    /** Copies the list. */
    public Message {
      toolCalls = List.copyOf(toolCalls);
    }

    /** Creates a message with text only. */
    public Message(@Nullable String content) {
      this(content, null, List.of());
    }
  }
}
