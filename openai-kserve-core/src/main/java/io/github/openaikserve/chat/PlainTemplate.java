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

/** AnyServe's template; see {@link ChatTemplates#PLAIN}. */
final class PlainTemplate implements ChatTemplate {
  private static final List<String> NEXT_TURN =
      List.of("\n\nUser:", "\n\nSystem:", "\n\nAssistant:");

  @Override
  public ChatPrompt render(Conversation conversation) {
    if (!conversation.tools().isEmpty()) {
      throw noPlace("tools", "tools");
    }
    var prompt = new StringBuilder();
    List<ChatCompletionRequestMessage> messages = conversation.messages();
    for (int i = 0; i < messages.size(); i++) {
      String path = "messages[" + i + "]";
      prompt.append(heading(path, messages.get(i)));
      prompt.append(text(path, messages.get(i))).append("\n\n");
    }
    return new ChatPrompt(prompt.append("Assistant:").toString(), NEXT_TURN, true);
  }

  private static String heading(String path, ChatCompletionRequestMessage message) {
    if (message instanceof SystemMessage) {
      return "System: "; // the role developer is the newer name of system
    }
    if (message instanceof UserMessage) {
      return "User: ";
    }
    if (message instanceof AssistantMessage assistant) {
      if (!assistant.toolCalls().isEmpty()) {
        throw noPlace(path + ".tool_calls", "tool calls");
      }
      return "Assistant: ";
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
