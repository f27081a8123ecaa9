package io.github.openaikserve.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.List;
import java.util.Map;

/** Converts LangChain4j's messages to OpenAI's. */
final class Messages {
  private Messages() {}

  static ChatCompletionRequestMessage message(ChatMessage message) {
    if (message instanceof SystemMessage system) {
      return ChatCompletionRequestMessage.system(system.text());
    }
    if (message instanceof UserMessage user) {
      return new ChatCompletionRequestMessage.UserMessage(
          content(user.contents()), user.name(), Map.of());
    }
    if (message instanceof AiMessage ai) {
      return assistant(ai);
    }
    if (message instanceof ToolExecutionResultMessage result) {
      return new ChatCompletionRequestMessage.ToolMessage(
          "tool",
          content(result.contents()),
          result.id() == null ? result.toolName() : result.id(),
          Map.of());
    }
    throw new UnsupportedFeatureException(
        "OpenAI's API does not support messages of type " + message.type());
  }

  private static ChatCompletionRequestMessage assistant(AiMessage message) {
    List<ChatCompletionMessageToolCall> calls =
        message.toolExecutionRequests().stream()
            .map(
                call ->
                    new ChatCompletionMessageToolCall(
                        call.id() == null ? call.name() : call.id(),
                        call.name(),
                        call.arguments() == null ? "{}" : call.arguments()))
            .toList();
    String text = message.text();
    return new ChatCompletionRequestMessage.AssistantMessage(
        text == null ? (calls.isEmpty() ? MessageContent.of("") : null) : MessageContent.of(text),
        null,
        calls,
        message.thinking() == null ? Map.of() : Map.of("reasoning_content", message.thinking()));
  }

  private static MessageContent content(List<Content> contents) {
    List<ContentPart> parts = contents.stream().map(Contents::part).toList();
    return parts.size() == 1 && parts.get(0) instanceof ContentPart.Text text
        ? MessageContent.of(text.text())
        : new MessageContent.Parts(parts);
  }
}
