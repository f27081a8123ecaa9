package io.github.openaikserve.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer to a chat. Immutable.
 *
 * @param created seconds since 1970
 * @param usage null only when nothing is known of it
 * @param droppedParams request fields that the model server has no tensor for, so that they had no
 *     effect; not part of the JSON
 */
public record ChatCompletion(
    String id,
    long created,
    String model,
    List<Choice> choices,
    @Nullable CompletionUsage usage,
    List<String> droppedParams) {

  /** Copies the lists. */
  public ChatCompletion {
    choices = List.copyOf(choices);
    droppedParams = List.copyOf(droppedParams);
  }

  /**
   * Returns the message of the first choice, to continue the conversation with.
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
   * One of the answers.
   *
   * @param logprobs of each token; null unless asked for
   */
  public record Choice(
      int index,
      Message message,
      FinishReason finishReason,
      @Nullable List<ChatCompletionTokenLogprob> logprobs) {
    /** Copies the list. */
    public Choice {
      logprobs = Limits.listOrNull(logprobs);
    }

    /** A choice without log probabilities. */
    public Choice(int index, Message message, FinishReason finishReason) {
      this(index, message, finishReason, null);
    }
  }

  /**
   * What the assistant says.
   *
   * @param content null when there are only tool calls
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

    /** A message of nothing but text. */
    public Message(@Nullable String content) {
      this(content, null, List.of());
    }
  }
}
