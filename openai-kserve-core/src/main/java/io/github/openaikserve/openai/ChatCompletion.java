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

  /** The text of the first choice; empty when there is none. */
  public String text() {
    String content = choices.isEmpty() ? null : choices.get(0).message().content();
    return content == null ? "" : content;
  }

  /** One of the answers. */
  public record Choice(int index, Message message, FinishReason finishReason) {}

  /**
   * What the assistant says.
   *
   * @param content null when there are only tool calls
   */
  public record Message(@Nullable String content) {}
}
