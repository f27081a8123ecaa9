package io.github.openaikserve.openai;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer to a chat. Immutable.
 *
 * @param created seconds since 1970
 * @param usage null if unknown
 * @param droppedParams the request fields that had no effect, because the model server has no
 *     tensor for them; not part of the JSON
 * @param serviceTier the tier that served the request, {@code default}; null unless the request
 *     names one
 * @param metadata that of the request, as JSON values; empty if it has none
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

  /** Creates an answer to a request without a service tier and metadata. */
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
   * Returns the message of the first choice, with which to continue the conversation.
   *
   * @throws IllegalStateException if there are no choices
   */
  public Message message() {
    return first().message();
  }

  /**
   * Returns why the first choice ended.
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

  /** Returns the text of the first choice; empty without text or choices. */
  public String text() {
    String content = choices.isEmpty() ? null : message().content();
    return content == null ? "" : content;
  }

  /** Returns the tool calls of the first choice; empty without any. */
  public List<ChatCompletionMessageToolCall> toolCalls() {
    return choices.isEmpty() ? List.of() : message().toolCalls();
  }

  /**
   * One choice of an answer.
   *
   * @param logprobs of each token; null unless requested
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
   * The message of the assistant.
   *
   * @param content null if there are only tool calls
   * @param reasoningContent the reasoning before the answer; null for none
   * @param toolCalls empty for none
   */
  public record Message(
      @Nullable String content,
      @Nullable String reasoningContent,
      List<ChatCompletionMessageToolCall> toolCalls) {
    /** Copies the list. */
    public Message {
      toolCalls = List.copyOf(toolCalls);
    }

    /** Creates a message of text only. */
    public Message(@Nullable String content) {
      this(content, null, List.of());
    }
  }
}
