package io.github.openaikserve.chat;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.List;
import java.util.function.BiConsumer;

/** Conversion of a conversation to text turns, for templates that support only text. */
final class PlainText {
  private PlainText() {}

  /**
   * Passes the role ({@code system}, {@code user} or {@code assistant}) and the text of each
   * message to a consumer.
   *
   * @throws InvalidRequestException naming the tools, or the message or part that is not text
   */
  static void forEachTurn(Conversation conversation, BiConsumer<String, String> turn) {
    if (!conversation.tools().isEmpty()) {
      throw noPlace("tools", "tools");
    }
    List<ChatCompletionRequestMessage> messages = conversation.messages();
    for (int i = 0; i < messages.size(); i++) {
      ChatCompletionRequestMessage message = messages.get(i);
      String path = "messages[" + i + "]";
      turn.accept(role(path, message), text(path, message));
    }
  }

  private static String role(String path, ChatCompletionRequestMessage message) {
    if (message instanceof SystemMessage) {
      return "system"; // the role developer is the newer name of system
    }
    if (message instanceof UserMessage) {
      return "user";
    }
    if (message instanceof AssistantMessage assistant) {
      if (!assistant.toolCalls().isEmpty()) {
        throw noPlace(path + ".tool_calls", "tool calls");
      }
      return "assistant";
    }
    if (message instanceof ToolMessage) {
      throw noPlace(path + ".role", "tool messages");
    }
    throw new IllegalStateException("unknown kind of message");
  }

  /**
   * Returns the text of a message.
   *
   * @throws InvalidRequestException naming the part that is not text
   */
  static String text(String path, ChatCompletionRequestMessage message) {
    if (message.content() instanceof MessageContent.Parts content) {
      List<ContentPart> parts = content.parts();
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i) instanceof ContentPart.Media media) {
          throw noPlace(path + ".content[" + i + "]", "parts of type " + media.type());
        }
      }
    }
    return message.text();
  }

  static InvalidRequestException noPlace(String param, String what) {
    return InvalidRequestException.badValue(
        param,
        "unsupported_value",
        "Invalid '%s': this model does not support %s."
            .formatted(param, InvalidRequestException.shown(what)));
  }
}
