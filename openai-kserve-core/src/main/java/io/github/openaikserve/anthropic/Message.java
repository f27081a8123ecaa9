package io.github.openaikserve.anthropic;

import io.github.openaikserve.openai.CompletionUsage;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the Messages API: whole, or as a stream begins it. Immutable.
 *
 * @param model the name that the caller used
 * @param content the blocks in order: texts, thinking and calls of tools
 * @param stopReason null at the beginning of a stream
 * @param stopSequence the stop sequence that was generated; null unless one was, or if only the
 *     model server knows it
 * @param usage at the beginning of a stream an estimate of the tokens of the prompt
 * @param droppedParams the request fields that had no effect, because the model server has no
 *     tensor for them; not part of the JSON
 */
public record Message(
    String id,
    String model,
    List<ContentBlock> content,
    @Nullable StopReason stopReason,
    @Nullable String stopSequence,
    @Nullable CompletionUsage usage,
    List<String> droppedParams) {
  /** Copies the lists. */
  public Message {
    content = List.copyOf(content);
    droppedParams = List.copyOf(droppedParams);
  }

  /** Returns the texts of all text blocks, concatenated; empty for none. */
  public String text() {
    return content.stream()
        .filter(ContentBlock.Text.class::isInstance)
        .map(block -> ((ContentBlock.Text) block).text())
        .collect(Collectors.joining());
  }

  /** Returns the thinking of all thinking blocks, concatenated; empty for none. */
  public String thinking() {
    return content.stream()
        .filter(ContentBlock.Thinking.class::isInstance)
        .map(block -> ((ContentBlock.Thinking) block).thinking())
        .collect(Collectors.joining());
  }

  /** Returns the calls of tools, in order. */
  public List<ContentBlock.ToolUse> toolUses() {
    return content.stream()
        .filter(ContentBlock.ToolUse.class::isInstance)
        .map(ContentBlock.ToolUse.class::cast)
        .toList();
  }
}
