package io.github.openaikserve.openai;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of a streamed answer to a chat request. Immutable.
 *
 * @param id the id of the answer. All chunks of a stream have the same id, {@code created} and
 *     {@code model}
 * @param created seconds since 1970
 * @param choices empty only in the chunk with the usage
 * @param usage present only in the last chunk, and only if the request asked for usage
 * @param serviceTier the tier that serves the request, always {@code default}; null unless the
 *     request sets a tier
 */
public record ChatCompletionChunk(
    String id,
    long created,
    String model,
    List<Choice> choices,
    @Nullable CompletionUsage usage,
    @Nullable String serviceTier) {

  /** Copies the list. */
  public ChatCompletionChunk {
    choices = List.copyOf(choices);
  }

  /** Creates a chunk without a service tier. */
  public ChatCompletionChunk(
      String id,
      long created,
      String model,
      List<Choice> choices,
      @Nullable CompletionUsage usage) {
    this(id, created, model, choices, usage, null);
  }

  /** Returns the text delta of the first choice; empty for none. */
  public String text() {
    String content = choices.isEmpty() ? null : choices.get(0).delta().content();
    return content == null ? "" : content;
  }

  /**
   * The delta of one choice.
   *
   * @param finishReason present only in the last chunk of the choice
   * @param logprobs the log probabilities of this chunk's tokens; null unless requested
   */
  public record Choice(
      int index,
      Delta delta,
      @Nullable FinishReason finishReason,
      @Nullable List<ChatCompletionTokenLogprob> logprobs) {
    /** Copies the list. */
    public Choice {
      logprobs = FieldChecks.listOrNull(logprobs);
    }

    /** Creates a choice without log probabilities. */
    public Choice(int index, Delta delta, @Nullable FinishReason finishReason) {
      this(index, delta, finishReason, null);
    }
  }

  /**
   * The delta of a message.
   *
   * @param role {@code assistant} in the first chunk of the choice, null in the others
   * @param content the added text; null for none
   * @param reasoningContent the added reasoning; null for none
   * @param toolCalls pieces of tool calls; empty for none
   */
  public record Delta(
      @Nullable String role,
      @Nullable String content,
      @Nullable String reasoningContent,
      List<ChatCompletionMessageToolCallChunk> toolCalls) {
    /** Copies the list. */
    public Delta {
      toolCalls = List.copyOf(toolCalls);
    }

    /** Creates a delta with a role or text only. */
    public Delta(@Nullable String role, @Nullable String content) {
      this(role, content, null, List.of());
    }
  }
}
