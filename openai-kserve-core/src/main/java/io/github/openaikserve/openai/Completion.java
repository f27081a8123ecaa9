package io.github.openaikserve.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A completion, or one chunk of it in a stream: OpenAI uses one object for both. Immutable.
 *
 * @param created seconds since 1970
 * @param choices empty only on the chunk with the usage
 * @param usage in a stream, present only on the last chunk, and only if the request asked for usage
 * @param droppedParams the request fields that had no effect; not part of the JSON
 */
public record Completion(
    String id,
    long created,
    String model,
    List<Choice> choices,
    @Nullable CompletionUsage usage,
    List<String> droppedParams) {

  /** Copies the lists. */
  public Completion {
    choices = List.copyOf(choices);
    droppedParams = List.copyOf(droppedParams);
  }

  /** Returns why the first choice ended; null on a chunk that does not end it. */
  public @Nullable FinishReason finishReason() {
    return choices.isEmpty() ? null : choices.get(0).finishReason();
  }

  /** Returns the text of the first choice; empty without choices. */
  public String text() {
    return choices.isEmpty() ? "" : choices.get(0).text();
  }

  /**
   * One choice of a completion.
   *
   * @param finishReason in a stream, present only on the last chunk of the choice
   * @param logprobs of the tokens of this text; null unless requested
   */
  public record Choice(
      int index,
      String text,
      @Nullable FinishReason finishReason,
      @Nullable CompletionLogprobs logprobs) {
    /** Creates a choice without log probabilities. */
    public Choice(int index, String text, @Nullable FinishReason finishReason) {
      this(index, text, finishReason, null);
    }
  }
}
