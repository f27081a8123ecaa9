package io.github.openaikserve.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text completion, or one chunk of it in a stream. OpenAI uses the same object for both.
 * Immutable.
 *
 * <p>The methods without an index are for requests with one choice. With {@code n > 1} or several
 * prompts, read {@link #choices}; in a stream, the chunks of different choices alternate.
 *
 * @param id the id of the answer, such as {@code cmpl-5f0c}; the same in all chunks
 * @param created seconds since 1970
 * @param model the model's name in the request
 * @param choices empty only in the chunk with the usage
 * @param usage in a stream, present only in the last chunk, and only if the request asked for usage
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

  /**
   * Returns the finish reason of the first choice; null in a chunk that does not end the choice.
   */
  public @Nullable FinishReason finishReason() {
    return choices.isEmpty() ? null : choices.get(0).finishReason();
  }

  /** Returns the text of the first choice; empty if there is no choice. */
  public String text() {
    return choices.isEmpty() ? "" : choices.get(0).text();
  }

  /**
   * One choice of a completion. Immutable.
   *
   * @param index the number of the choice, from 0; the choices of one prompt are consecutive
   * @param text the text, or in a stream only the new text; empty for none
   * @param finishReason in a stream, present only in the last chunk of the choice
   * @param logprobs the log probabilities of this text's tokens; null unless requested
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
