package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.AnswerParser;
import io.github.openaikserve.chat.ReasoningFormat;
import io.github.openaikserve.chat.ToolCallFormat;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan for parsing the text of an answer. Immutable.
 *
 * @param reasoning the format of reasoning; null if the text is not searched for reasoning
 * @param toolCalls the format of tool calls; null if the text is not searched for calls
 * @param tools the tools that the model may call
 * @param opening the text that the prompt already begins the answer with, so that it must be a
 *     call; empty if the model chooses
 * @param onlyOneCall whether the answer ends after its first call
 * @param named whether the caller named the function to call: the finish reason is {@code stop}
 *     then
 * @param legacyFunctions whether the caller sent {@code functions} and expects a {@code
 *     function_call}
 */
public record OutputPlan(
    @Nullable ReasoningFormat reasoning,
    @Nullable ToolCallFormat toolCalls,
    List<ChatCompletionTool> tools,
    String opening,
    boolean onlyOneCall,
    boolean named,
    boolean legacyFunctions) {

  /** The plan for an answer that is plain text. */
  static final OutputPlan TEXT = new OutputPlan(null, null, List.of(), "", false, false, false);

  public OutputPlan {
    tools = List.copyOf(tools);
  }

  /** Returns whether the text is the answer as it stands. */
  public boolean readsNothing() {
    return reasoning == null && toolCalls == null;
  }

  /**
   * Returns whether the text is searched for special tokens. Tool calls of many formats are marked
   * with them.
   */
  boolean needsSpecialTokens() {
    return toolCalls != null || (reasoning != null && reasoning.marksWithSpecialTokens());
  }

  /** Returns a parser of reasoning; null if the text is not searched for it or must be a call. */
  public @Nullable AnswerParser reasoningParser(String prompt) {
    return reasoning == null || !opening.isEmpty() ? null : reasoning.parser(prompt);
  }

  /** Returns a parser of tool calls; null if the text is not searched for them. */
  public @Nullable AnswerParser toolCallParser() {
    return toolCalls == null ? null : toolCalls.parser(tools);
  }

  /**
   * Returns the finish reason of an answer that ends with calls.
   *
   * <p>Source: OpenAI's guide to function calling, on edge cases of finish_reason.
   */
  public FinishReason finishReasonOfCalls() {
    if (named) {
      return FinishReason.STOP;
    }
    return legacyFunctions ? FinishReason.FUNCTION_CALL : FinishReason.TOOL_CALLS;
  }
}
