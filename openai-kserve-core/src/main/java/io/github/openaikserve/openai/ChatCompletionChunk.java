package io.github.openaikserve.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a streamed answer to a chat. Immutable.
 *
 * @param id the same on every chunk of a stream, as are {@code created} and {@code model}
 * @param created seconds since 1970
 * @param choices empty only on the chunk that carries the usage
 * @param usage on the last chunk where it was asked for; else null
 */
public record ChatCompletionChunk(
    String id, long created, String model, List<Choice> choices, @Nullable CompletionUsage usage) {

  /** Copies the list. */
  public ChatCompletionChunk {
    choices = List.copyOf(choices);
  }

  /** The text that the first choice adds; empty when it adds none. */
  public String text() {
    String content = choices.isEmpty() ? null : choices.get(0).delta().content();
    return content == null ? "" : content;
  }

  /**
   * What one of the answers gains.
   *
   * @param finishReason on the last chunk of the choice; else null
   * @param logprobs of the tokens that came; null unless asked for
   */
  public record Choice(
      int index,
      Delta delta,
      @Nullable FinishReason finishReason,
      @Nullable List<ChatCompletionTokenLogprob> logprobs) {
    /** Copies the list. */
    public Choice {
      logprobs = Limits.listOrNull(logprobs);
    }

    /** A choice without log probabilities. */
    public Choice(int index, Delta delta, @Nullable FinishReason finishReason) {
      this(index, delta, finishReason, null);
    }
  }

  /**
   * What is new.
   *
   * @param role {@code assistant} on the first chunk of the choice; else null
   * @param content null when no text is added
   * @param reasoningContent null when no reasoning is added
   * @param toolCalls calls that begin or go on; empty for none
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

    /** Nothing but a role or text. */
    public Delta(@Nullable String role, @Nullable String content) {
      this(role, content, null, List.of());
    }
  }
}
