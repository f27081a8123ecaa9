package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.AnswerParser;
import io.github.openaikserve.chat.ReasoningFormat;
import io.github.openaikserve.chat.ToolCallFormat;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the text of an answer is to be read. Immutable.
 *
 * @param reasoning null where reasoning is not looked for
 * @param toolCalls null where calls are not looked for
 * @param tools what the model may call
 * @param opening what the answer is made to begin with, so that it has to be a call; else empty
 * @param onlyOneCall whether the answer is over after its first call
 * @param named whether the caller named the function to call: it is told {@code stop} then
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

  /** Nothing but text. */
  static final OutputPlan TEXT = new OutputPlan(null, null, List.of(), "", false, false, false);

  public OutputPlan {
    tools = List.copyOf(tools);
  }

  /** Whether the text is the answer as it stands. */
  public boolean readsNothing() {
    return reasoning == null && toolCalls == null;
  }

  /** A parser of reasoning; null where there is none, or the answer has to begin with a call. */
  public @Nullable AnswerParser reasoningParser(String prompt) {
    return reasoning == null || !opening.isEmpty() ? null : reasoning.parser(prompt);
  }

  public @Nullable AnswerParser toolCallParser() {
    return toolCalls == null ? null : toolCalls.parser(tools);
  }

  /** Source: OpenAI's guide to function calling, on edge cases of finish_reason. */
  public FinishReason finishReasonOfCalls() {
    if (named) {
      return FinishReason.STOP;
    }
    return legacyFunctions ? FinishReason.FUNCTION_CALL : FinishReason.TOOL_CALLS;
  }
}
