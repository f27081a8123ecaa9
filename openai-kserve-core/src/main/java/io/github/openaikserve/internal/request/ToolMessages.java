package io.github.openaikserve.internal.request;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The tool calls and tool messages of a conversation. */
final class ToolMessages {
  private ToolMessages() {}

  /**
   * Checks, as OpenAI does, that every tool message follows its tool call, and that every tool call
   * is answered before the conversation continues.
   *
   * @throws InvalidRequestException naming the message in the wrong position
   */
  static void check(List<ChatCompletionRequestMessage> messages) {
    Set<String> open = new LinkedHashSet<>();
    boolean afterCalls = false;
    int caller = -1;
    for (int i = 0; i < messages.size(); i++) {
      ChatCompletionRequestMessage message = messages.get(i);
      if (message instanceof ToolMessage tool && tool.role().equals("tool")) {
        if (!afterCalls) {
          throw wrong(
              i,
              "Invalid parameter: messages with role 'tool' must be a response to a preceeding"
                  + " message with 'tool_calls'.");
        }
        open.remove(tool.caller());
        continue;
      }
      requireAnswers(caller, open);
      afterCalls = false;
      if (message instanceof AssistantMessage assistant && !assistant.toolCalls().isEmpty()) {
        afterCalls = true;
        caller = i;
        assistant.toolCalls().stream()
            .map(ChatCompletionMessageToolCall::id)
            .filter(id -> !id.isEmpty())
            .forEach(open::add);
      }
    }
    requireAnswers(caller, open);
  }

  /** Returns the conversation with calls of custom tools replaced by function calls. */
  static List<ChatCompletionRequestMessage> asFunctions(
      List<ChatCompletionRequestMessage> messages) {
    return messages.stream().map(ToolMessages::asFunctions).toList();
  }

  private static ChatCompletionRequestMessage asFunctions(ChatCompletionRequestMessage message) {
    return message instanceof AssistantMessage assistant
            && assistant.toolCalls().stream().anyMatch(ChatCompletionMessageToolCall::isCustom)
        ? new AssistantMessage(
            assistant.content(),
            assistant.name(),
            assistant.toolCalls().stream().map(ToolMessages::asFunction).toList(),
            assistant.extra())
        : message;
  }

  private static ChatCompletionMessageToolCall asFunction(ChatCompletionMessageToolCall call) {
    return call.isCustom()
        ? new ChatCompletionMessageToolCall(
            call.id(), call.name(), CustomTool.arguments(call.arguments()))
        : call;
  }

  /** Returns the ids of the tool calls. */
  static Set<String> callIds(List<ChatCompletionRequestMessage> messages) {
    Set<String> ids = new HashSet<>();
    for (ChatCompletionRequestMessage message : messages) {
      if (message instanceof AssistantMessage assistant) {
        assistant.toolCalls().forEach(call -> ids.add(call.id()));
      }
    }
    return ids;
  }

  /** Returns the number of tool calls. */
  static int calls(List<ChatCompletionRequestMessage> messages) {
    int calls = 0;
    for (ChatCompletionRequestMessage message : messages) {
      calls += message instanceof AssistantMessage assistant ? assistant.toolCalls().size() : 0;
    }
    return calls;
  }

  private static void requireAnswers(int caller, Set<String> open) {
    if (!open.isEmpty()) {
      throw wrong(
          caller,
          "An assistant message with 'tool_calls' must be followed by tool messages responding to"
              + " each 'tool_call_id'. %d of them did not have response messages."
                  .formatted(open.size()));
    }
  }

  private static InvalidRequestException wrong(int index, String message) {
    return InvalidRequestException.badValue("messages[" + index + "].role", null, message);
  }
}
