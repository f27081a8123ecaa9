package io.github.openaikserve.internal.json.read;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A reader of the input of decisions, a text or items, as chat messages. */
final class DecisionInputReader {
  private static final List<String> ROLES = List.of("user", "developer", "system", "assistant");
  private static final List<String> TYPES =
      List.of(
          "message",
          "function_call",
          "function_call_output",
          "custom_tool_call",
          "custom_tool_call_output");
  private static final List<String> PARTS =
      List.of("input_text", "input_image", "input_json", "output_text", "refusal");

  private DecisionInputReader() {}

  static List<ChatCompletionRequestMessage> messages(JsonObject json) {
    return json.required(
        "input",
        json.<ChatCompletionRequestMessage, List<ChatCompletionRequestMessage>>textOrObjects(
            "input",
            text -> List.of(ChatCompletionRequestMessage.user(text)),
            DecisionInputReader::item,
            DecisionInputReader::merged));
  }

  /** Merges the tool calls of one turn into one message. */
  private static List<ChatCompletionRequestMessage> merged(
      List<ChatCompletionRequestMessage> items) {
    List<ChatCompletionRequestMessage> messages = new ArrayList<>(items.size());
    for (ChatCompletionRequestMessage item : items) {
      int last = messages.size() - 1;
      if (last >= 0
          && item instanceof AssistantMessage next
          && next.content() == null
          && messages.get(last) instanceof AssistantMessage before) {
        List<ChatCompletionMessageToolCall> calls = new ArrayList<>(before.toolCalls());
        calls.addAll(next.toolCalls());
        messages.set(last, new AssistantMessage(before.content(), null, calls, Map.of()));
      } else {
        messages.add(item);
      }
    }
    return messages;
  }

  private static ChatCompletionRequestMessage item(JsonObject json) {
    String named = json.word("type", TYPES);
    return switch (named == null ? "message" : named) {
      case "function_call" -> call(json, "function", json.requiredText("arguments"));
      case "custom_tool_call" -> call(json, "custom", json.requiredText("input"));
      case "function_call_output", "custom_tool_call_output" ->
          new ToolMessage("tool", content(json, "output"), json.requiredText("call_id"), Map.of());
      default -> message(json);
    };
  }

  private static AssistantMessage call(JsonObject json, String type, String input) {
    var call =
        new ChatCompletionMessageToolCall(
            json.requiredText("call_id"), type, json.requiredText("name"), input);
    return new AssistantMessage(null, null, List.of(call), Map.of());
  }

  private static ChatCompletionRequestMessage message(JsonObject json) {
    String role = json.requiredWord("role", ROLES);
    MessageContent content = content(json, "content");
    return switch (role) {
      case "user" -> new UserMessage(content, null, Map.of());
      case "assistant" -> new AssistantMessage(content, null, List.of(), Map.of());
      default -> new SystemMessage(role, content, null, Map.of());
    };
  }

  /** Reads the content of a message or of a question. */
  static MessageContent content(JsonObject json, String name) {
    return json.required(
        name,
        json.<ContentPart, MessageContent>textOrObjects(
            name,
            MessageContent::of,
            DecisionInputReader::part,
            parts -> content(json.notEmpty(name, parts))));
  }

  /** Joins texts with line breaks, because some templates do not support content parts. */
  private static MessageContent content(List<ContentPart> parts) {
    return parts.stream().allMatch(ContentPart.Text.class::isInstance)
        ? MessageContent.of(
            parts.stream()
                .map(part -> ((ContentPart.Text) part).text())
                .collect(Collectors.joining("\n")))
        : new MessageContent.Parts(parts);
  }

  private static ContentPart part(JsonObject json) {
    return switch (json.requiredWord("type", PARTS)) {
      case "input_image" -> image(json);
      case "input_json" -> data(json);
      case "refusal" -> new ContentPart.Refusal(json.requiredText("refusal"));
      default -> new ContentPart.Text(json.requiredText("text"));
    };
  }

  private static ContentPart image(JsonObject json) {
    Map<String, @Nullable Object> image = new LinkedHashMap<>();
    image.put("url", json.requiredText("image_url"));
    String detail = json.text("detail");
    if (detail != null) {
      image.put("detail", detail);
    }
    return new ContentPart.Media("image_url", image);
  }

  private static ContentPart data(JsonObject json) {
    return new ContentPart.Text(JsonCodec.writeValue(JsonCodec.value(json.requiredNode("data"))));
  }
}
