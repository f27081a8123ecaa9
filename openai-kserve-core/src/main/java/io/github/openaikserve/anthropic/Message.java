package io.github.openaikserve.anthropic;

import io.github.openaikserve.openai.CompletionUsage;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the Messages API: complete, or as it is at the start of a stream. Immutable.
 *
 * <p>Check {@link #stopReason} before using {@link #text}: an answer may end with tool calls and
 * without text.
 *
 * @param id the id of the answer, such as {@code msg_5f0c}
 * @param model the model's name in the request
 * @param content the blocks in order: texts, thinking and tool calls
 * @param stopReason why the model stopped; null at the start of a stream
 * @param stopSequence the generated stop sequence; null if none was generated or the model server
 *     does not report it
 * @param usage the token usage; at the start of a stream, an estimate of the prompt's tokens
 * @param droppedParams the request fields that had no effect because the model server has no tensor
 *     for them; not part of the JSON
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

  /** Returns the concatenated texts of all text blocks; empty for none. */
  public String text() {
    return content.stream()
        .filter(ContentBlock.Text.class::isInstance)
        .map(block -> ((ContentBlock.Text) block).text())
        .collect(Collectors.joining());
  }

  /** Returns the concatenated reasoning of all thinking blocks; empty for none. */
  public String thinking() {
    return content.stream()
        .filter(ContentBlock.Thinking.class::isInstance)
        .map(block -> ((ContentBlock.Thinking) block).thinking())
        .collect(Collectors.joining());
  }

  /** Returns the tool calls, in order; empty for none. */
  public List<ContentBlock.ToolUse> toolUses() {
    return content.stream()
        .filter(ContentBlock.ToolUse.class::isInstance)
        .map(ContentBlock.ToolUse.class::cast)
        .toList();
  }
}
