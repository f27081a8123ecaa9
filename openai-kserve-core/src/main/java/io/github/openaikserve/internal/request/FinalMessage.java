package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.List;

/**
 * The last message of a conversation whose answer continues this message. A marker at the end of
 * the message shows where its text ends in the rendered prompt, so that anything the template
 * writes after it can be removed.
 *
 * <p>Source: {@code huggingface/transformers}: {@code continue_final_message} of {@code
 * apply_chat_template}, which does the same.
 */
final class FinalMessage {
  private static final String MARK = "\uE000continue_final_message\uE001";
  private static final String FIELD = "continue_final_message";

  private FinalMessage() {}

  /**
   * Returns the conversation with the marker at the end of the last message.
   *
   * @throws InvalidRequestException if the last message is not an assistant message with text
   */
  static List<ChatCompletionRequestMessage> marked(List<ChatCompletionRequestMessage> messages) {
    int last = messages.size() - 1;
    if (!(messages.get(last) instanceof AssistantMessage message)
        || message.content() == null
        || message.text().isEmpty()
        || !message.toolCalls().isEmpty()) {
      throw invalid(
          "expected the last message to be an assistant message with text and without tool calls");
    }
    List<ChatCompletionRequestMessage> marked = new ArrayList<>(messages);
    marked.set(
        last,
        new AssistantMessage(
            marked(message.content()), message.name(), List.of(), message.extra()));
    return marked;
  }

  private static MessageContent marked(MessageContent content) {
    if (content instanceof MessageContent.Parts parts) {
      List<ContentPart> more = new ArrayList<>(parts.parts());
      more.add(new ContentPart.Text(MARK));
      return new MessageContent.Parts(more);
    }
    return MessageContent.of(content.text() + MARK);
  }

  /**
   * Returns the prompt up to the marker.
   *
   * @throws InvalidRequestException if the chat template omitted the marker
   */
  static ChatPrompt open(ChatPrompt prompt) {
    int end = prompt.text().lastIndexOf(MARK);
    if (end < 0) {
      throw invalid("this model's chat template does not render the last message unchanged");
    }
    return new ChatPrompt(
        prompt.text().substring(0, end),
        prompt.stopSequences(),
        prompt.endTokens(),
        false,
        prompt.media());
  }

  /** Returns the error of a request for a format that this library checks the answer against. */
  static InvalidRequestException unsupportedFormat(Route route) {
    return InvalidRequestException.badValue(
        FIELD,
        "unsupported_value",
        "Invalid 'continue_final_message': not supported together with 'response_format' for model '%s', because the answer cannot be checked without its beginning."
            .formatted(route.id()));
  }

  private static InvalidRequestException invalid(String problem) {
    return InvalidRequestException.badValue(
        FIELD, "invalid_value", "Invalid '%s': %s.".formatted(FIELD, problem));
  }
}
