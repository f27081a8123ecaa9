package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.format.AnswerParser;
import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A plan for parsing the text of an answer. Immutable.
 *
 * @param format what the text is searched for
 * @param tools the tools that the model may call
 * @param customTools those of the tools that take free text, by their names
 * @param opening the text that the prompt already begins the answer with, so that it must be a
 *     call; empty if the model chooses
 * @param onlyOneCall whether the answer ends after its first call
 * @param named whether the caller named the function to call: the finish reason is that of a text
 *     then
 * @param stops the stop sequences that cut the content, and neither reasoning nor calls
 * @param usedIds the ids of the calls in the conversation
 * @param legacyFunctions whether the caller sent {@code functions} and expects a {@code
 *     function_call}
 */
public record OutputPlan(
    ModelFormat format,
    List<ChatCompletionTool> tools,
    Map<String, CustomTool> customTools,
    String opening,
    boolean onlyOneCall,
    boolean named,
    List<String> stops,
    Set<String> usedIds,
    boolean legacyFunctions) {

  /** The plan for an answer that is plain text. */
  static final OutputPlan TEXT =
      new OutputPlan(
          ModelFormat.TEXT, List.of(), Map.of(), "", false, false, List.of(), Set.of(), false);

  public OutputPlan {
    tools = List.copyOf(tools);
    customTools = Map.copyOf(customTools);
    stops = List.copyOf(stops);
    usedIds = Set.copyOf(usedIds);
  }

  /** Returns whether the text is the answer as it stands. */
  public boolean readsNothing() {
    return format.isText();
  }

  /** Returns whether calls are checked against a grammar of the client's. */
  public boolean checksInputs() {
    return customTools.values().stream().anyMatch(tool -> tool.grammar() != null);
  }

  /** Returns a parser of an answer to this prompt. */
  public AnswerParser parser(String prompt) {
    return format.parser(prompt, tools);
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
