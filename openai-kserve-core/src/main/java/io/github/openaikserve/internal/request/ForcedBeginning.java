package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.field.FieldHandlings;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import java.util.List;
import java.util.Map;

/**
 * The beginning of an answer that the prompt contains, because the model may not choose another
 * one: the end of the reasoning, or the start of a required tool call.
 */
final class ForcedBeginning {
  private ForcedBeginning() {}

  /**
   * Ends the reasoning section that a prompt has opened if the request allows no reasoning tokens
   * or the server enforces a format. It does so from the first token, so the model could not end
   * the section, and the whole answer would be reasoning.
   *
   * <p>Source: {@code vllm-project/vllm}: {@code docs/features/reasoning_outputs.md}.
   */
  static ChatPrompt withoutReasoning(
      ChatPrompt prompt, ReasoningFormat reasoning, Route route, Map<RequestField, Object> fields) {
    if (FieldHandlings.enforcesFormat(route, fields)) {
      return prompt.followedBy(reasoning.omission(prompt.text()));
    }
    boolean ends =
        Integer.valueOf(0).equals(fields.get(RequestField.THINKING_TOKEN_BUDGET))
            && !route.requireDialect().carries(RequestField.THINKING_TOKEN_BUDGET);
    return ends && reasoning.isOpenAfter(prompt.text())
        ? prompt.followedBy(reasoning.closing())
        : prompt;
  }

  /**
   * Returns the forced beginning of an answer that must be a tool call. Ends an open reasoning
   * section first.
   */
  static String of(
      ToolCallFormat format,
      Route route,
      ToolChoice tools,
      List<ChatCompletionRequestMessage> messages,
      String prompt) {
    String opening =
        tools
            .opening(format, ToolMessages.calls(messages))
            .map(text -> format.afterPrompt(prompt, text))
            .filter(text -> !text.isEmpty())
            .orElseThrow(
                () ->
                    InvalidRequestException.badValue(
                        RequestField.TOOL_CHOICE.jsonName(),
                        "unsupported_value",
                        "Invalid 'tool_choice': model '%s' does not support a required function call."
                            .formatted(route.id())));
    ReasoningFormat reasoning = route.chat().template().format().reasoning();
    ReasoningFormat known = reasoning == null ? route.chat().format().reasoning() : reasoning;
    return known != null && known.isOpenAfter(prompt) ? known.closing() + opening : opening;
  }
}
