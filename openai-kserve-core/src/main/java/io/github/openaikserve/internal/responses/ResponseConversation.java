package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import io.github.openaikserve.openai.responses.ResponseContent;
import io.github.openaikserve.openai.responses.ResponseItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The conversion of a conversation's items to a chat's messages. Not thread-safe.
 *
 * <p>Reasoning, text and tool calls of one turn of the model become one message. The outputs of
 * tool calls follow the message with the calls, regardless of their position among the items.
 */
final class ResponseConversation {
  private final List<ChatCompletionRequestMessage> messages = new ArrayList<>();
  private final Map<String, ResponseItem.CallOutput> outputs = new LinkedHashMap<>();
  private final Set<String> leftOut = new LinkedHashSet<>();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<ContentPart> content = new ArrayList<>();
  private final List<ChatCompletionMessageToolCall> calls = new ArrayList<>();

  private ResponseConversation() {}

  /**
   * Returns the conversation of a request.
   *
   * @param instructions the instructions before the items; null for none
   * @throws InvalidRequestException naming an item that is not allowed
   */
  static ResponseConversation of(@Nullable String instructions, Turn turn) {
    List<ResponseItem> items = turn.items();
    var conversation = new ResponseConversation();
    if (instructions != null && !instructions.isEmpty()) {
      conversation.messages.add(ChatCompletionRequestMessage.system(instructions));
    }
    for (ResponseItem item : items) {
      if (item instanceof ResponseItem.CallOutput output) {
        conversation.outputs.put(output.callId(), output);
      }
    }
    for (int i = 0; i < items.size(); i++) {
      conversation.add(turn.path(i), items.get(i));
    }
    conversation.endTurn();
    conversation.checkOutputs();
    if (conversation.messages.isEmpty()) {
      throw InvalidRequestException.badValue(
          "input",
          "invalid_value",
          "Invalid 'input': expected at least one message, or a tool call with its output.");
    }
    return conversation;
  }

  /** Returns the messages. */
  List<ChatCompletionRequestMessage> messages() {
    return messages;
  }

  /** Returns the names of dropped items, such as {@code input.web_search_call}. */
  Set<String> leftOut() {
    return leftOut;
  }

  private void add(String path, ResponseItem item) {
    if (item instanceof ResponseItem.Message message) {
      message(path, message);
    } else if (item instanceof ResponseItem.FunctionCall call) {
      String function = ResponseTools.function(call.namespace(), call.name());
      calls.add(new ChatCompletionMessageToolCall(call.callId(), function, call.arguments()));
    } else if (item instanceof ResponseItem.CustomToolCall call) {
      String function = ResponseTools.function(call.namespace(), call.name());
      calls.add(new ChatCompletionMessageToolCall(call.callId(), "custom", function, call.input()));
    } else if (item instanceof ResponseItem.CallOutput) {
      endTurn(); // which takes the output along
    } else if (item instanceof ResponseItem.ToolOutput output) {
      endTurn();
      messages.add(new UserMessage(toolOutput(path, output), null, Map.of()));
    } else if (item instanceof ResponseItem.Reasoning thought) {
      endTurnBeforeReasoning();
      reasoning.append(reasoning.isEmpty() ? "" : "\n").append(thought.text());
    } else if (item instanceof ResponseItem.ItemReference reference) {
      throw InvalidRequestException.badValue(
          path,
          "unsupported_value",
          "Invalid '%s': this server does not store responses, so it does not have the item '%s'. Send 'store': false, and the items themselves."
              .formatted(path, InvalidRequestException.shown(reference.id())));
    } else if (!item.type().equals("additional_tools")) {
      leftOut.add("input." + item.type());
    }
  }

  private void message(String path, ResponseItem.Message message) {
    if (message.role().equals("assistant")) {
      for (ResponseContent part : message.content()) {
        content.add(part(path, part));
      }
      return;
    }
    endTurn();
    MessageContent parts = content(path, message.content());
    messages.add(
        message.role().equals("user")
            ? new UserMessage(parts, null, Map.of())
            : new SystemMessage(message.role(), parts, null, Map.of()));
  }

  /** Ends the turn before reasoning, unless the turn has only reasoning so far. */
  private void endTurnBeforeReasoning() {
    if (!content.isEmpty() || !calls.isEmpty()) {
      endTurn();
    }
  }

  private void endTurn() {
    if (content.isEmpty() && calls.isEmpty() && reasoning.isEmpty()) {
      return;
    }
    Map<String, @Nullable Object> extra =
        reasoning.isEmpty() ? Map.of() : Map.of("reasoning_content", reasoning.toString());
    MessageContent text = content.isEmpty() ? null : joined(content);
    if (text == null && calls.isEmpty()) {
      text = MessageContent.of("");
    }
    messages.add(new AssistantMessage(text, null, calls, extra));
    for (ChatCompletionMessageToolCall call : calls) {
      ResponseItem.CallOutput output = outputs.remove(call.id());
      if (output == null) {
        throw InvalidRequestException.badValue(
            "input",
            null,
            "No tool output found for function call %s."
                .formatted(InvalidRequestException.shown(call.id())));
      }
      messages.add(new ToolMessage("tool", content("input", output.output()), call.id(), Map.of()));
    }
    reasoning.setLength(0);
    content.clear();
    calls.clear();
  }

  /**
   * Returns the output as text with the name of the tool, because a chat has no output without a
   * call.
   */
  private static MessageContent toolOutput(String path, ResponseItem.ToolOutput output) {
    String name = output.name() == null ? "a tool" : output.name();
    String tool = output.namespace() == null ? name : output.namespace() + "." + name;
    List<ContentPart> parts = new ArrayList<>();
    parts.add(new ContentPart.Text("Output of " + tool + ":\n"));
    for (ResponseContent part : output.output()) {
      parts.add(part(path, part));
    }
    return parts.stream().allMatch(ContentPart.Text.class::isInstance)
        ? MessageContent.of(
            parts.stream()
                .map(part -> ((ContentPart.Text) part).text())
                .collect(Collectors.joining()))
        : new MessageContent.Parts(parts);
  }

  private void checkOutputs() {
    for (String callId : outputs.keySet()) {
      throw InvalidRequestException.badValue(
          "input",
          null,
          "No tool call found for function call output with call_id %s."
              .formatted(InvalidRequestException.shown(callId)));
    }
  }

  private static MessageContent content(String path, List<ResponseContent> content) {
    List<ContentPart> parts = new ArrayList<>(content.size());
    for (ResponseContent part : content) {
      parts.add(part(path, part));
    }
    return joined(parts);
  }

  /** Returns a single text as plain content, because not every template reads parts. */
  private static MessageContent joined(List<ContentPart> parts) {
    return parts.size() == 1 && parts.get(0) instanceof ContentPart.Text text
        ? MessageContent.of(text.text())
        : new MessageContent.Parts(parts);
  }

  private static ContentPart part(String path, ResponseContent part) {
    if (part instanceof ResponseContent.InputText text) {
      return new ContentPart.Text(text.text());
    }
    if (part instanceof ResponseContent.OutputText text) {
      return new ContentPart.Text(text.text());
    }
    if (part instanceof ResponseContent.Refusal refusal) {
      return new ContentPart.Refusal(refusal.refusal());
    }
    return media(path, (ResponseContent.InputMedia) part);
  }

  private static ContentPart media(String path, ResponseContent.InputMedia media) {
    Map<String, @Nullable Object> value = media.value();
    if (value.get("file_id") != null) {
      throw InvalidRequestException.badValue(
          path,
          "unsupported_value",
          "Invalid '%s': this server stores no files. Send the data itself instead of 'file_id'."
              .formatted(path));
    }
    Map<String, @Nullable Object> chat = new LinkedHashMap<>();
    switch (media.type()) {
      case "input_image" -> {
        if (!(value.get("image_url") instanceof String url)) {
          throw InvalidRequestException.badValue(
              path,
              "missing_required_parameter",
              "Missing required parameter: '%s.image_url'.".formatted(path));
        }
        chat.put("url", url);
        if (value.get("detail") != null) {
          chat.put("detail", value.get("detail"));
        }
        return new ContentPart.Media("image_url", chat);
      }
      case "input_audio" -> {
        if (value.get("input_audio") instanceof Map<?, ?> audio) {
          audio.forEach((name, member) -> chat.put(String.valueOf(name), member));
        }
        return new ContentPart.Media("input_audio", chat);
      }
      default -> {
        chat.putAll(value);
        return new ContentPart.Media("file", chat);
      }
    }
  }
}
