package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.format.AnswerParser;
import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The plan for parsing the text of an answer. Immutable.
 *
 * @param format the format of tool calls and reasoning in the text
 * @param tools the tools that the model may call
 * @param customTools the custom tools among them, by name
 * @param opening the forced beginning of the answer, which is part of the prompt and begins a tool
 *     call; empty if no call is forced
 * @param onlyOneCall whether the answer ends after the first tool call
 * @param named whether the caller chose the function by name; the finish reason is then that of a
 *     text answer
 * @param stops the stop sequences of the request that apply only to the content, not to reasoning
 *     or tool calls
 * @param ends the stop sequences of the template that apply only to the content. The answer ends
 *     there as at the model's end token
 * @param usedIds the ids of the tool calls in the conversation
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
    List<String> ends,
    Set<String> usedIds,
    boolean legacyFunctions) {

  /** A plan for a plain text answer. */
  static final OutputPlan TEXT =
      new OutputPlan(
          ModelFormat.TEXT,
          List.of(),
          Map.of(),
          "",
          false,
          false,
          List.of(),
          List.of(),
          Set.of(),
          false);

  public OutputPlan {
    tools = List.copyOf(tools);
    customTools = Map.copyOf(customTools);
    stops = List.copyOf(stops);
    ends = List.copyOf(ends);
    usedIds = Set.copyOf(usedIds);
  }

  /** Returns all stop sequences that apply only to the content. */
  public List<String> cuts() {
    List<String> cuts = new ArrayList<>(ends);
    cuts.addAll(stops);
    return cuts;
  }

  /** Returns whether the text needs no parsing. */
  public boolean isPlainText() {
    return format.isText();
  }

  /** Returns whether the text of a custom tool is checked against a grammar. */
  public boolean checksInputs() {
    return !customTools.isEmpty()
        && customTools.values().stream().anyMatch(tool -> tool.grammar() != null);
  }

  /** Returns whether the grammar of a custom tool cannot be checked. */
  boolean hasUncheckedGrammar() {
    return !customTools.isEmpty() && customTools.values().stream().anyMatch(CustomTool::unchecked);
  }

  /** Returns a parser of an answer to this prompt. */
  public AnswerParser parser(String prompt) {
    return format.parser(prompt, tools);
  }

  /**
   * Returns the finish reason of an answer that ends with tool calls.
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
