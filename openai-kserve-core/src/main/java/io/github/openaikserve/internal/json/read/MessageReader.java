package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.node.NullNode;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A reader of a message of a chat completion request. */
final class MessageReader {
  private static final List<String> ROLES =
      List.of("system", "assistant", "user", "function", "tool", "developer");
  private static final List<String> PARTS =
      List.of("text", "image_url", "input_audio", "refusal", "file");

  private MessageReader() {}

  static ChatCompletionRequestMessage read(JsonObject json) {
    String role = json.requiredWord("role", ROLES);
    return switch (role) {
      case "system", "developer" -> {
        MessageContent content = requiredContent(json);
        yield new SystemMessage(role, content, json.text("name"), json.rest());
      }
      case "user" -> {
        MessageContent content = requiredContent(json);
        yield new UserMessage(content, json.text("name"), json.rest());
      }
      case "tool" -> {
        MessageContent content = requiredContent(json);
        yield new ToolMessage(role, content, json.requiredText("tool_call_id"), json.rest());
      }
      case "function" -> {
        MessageContent content = content(json);
        yield new ToolMessage(role, content, json.requiredText("name"), json.rest());
      }
      default -> assistant(json);
    };
  }

  private static ChatCompletionRequestMessage assistant(JsonObject json) {
    MessageContent content = content(json);
    String name = json.text("name");
    List<ChatCompletionMessageToolCall> calls = json.objects("tool_calls", MessageReader::toolCall);
    JsonObject older = json.object("function_call");
    if (calls == null) {
      calls = older == null ? List.of() : List.of(call("", older));
    }
    String refusal = json.text("refusal");
    if (content == null && refusal != null) {
      content = new MessageContent.Parts(List.of(new ContentPart.Refusal(refusal)));
    }
    return new AssistantMessage(content, name, calls, json.rest());
  }

  private static ChatCompletionMessageToolCall toolCall(JsonObject json) {
    if ("custom".equals(json.word("type", List.of("function", "custom")))) {
      JsonObject custom = json.requiredObject("custom");
      return new ChatCompletionMessageToolCall(
          json.requiredText("id"),
          "custom",
          custom.requiredText("name"),
          custom.requiredText("input"));
    }
    return call(json.requiredText("id"), json.requiredObject("function"));
  }

  private static ChatCompletionMessageToolCall call(String id, JsonObject function) {
    return new ChatCompletionMessageToolCall(
        id, function.requiredText("name"), function.requiredText("arguments"));
  }

  private static MessageContent requiredContent(JsonObject json) {
    MessageContent content = content(json);
    if (content == null) {
      throw json.isNull("content")
          ? json.wrongType("content", JsonObject.TEXT_OR_OBJECTS, NullNode.getInstance())
          : json.missing("content");
    }
    return content;
  }

  private static @Nullable MessageContent content(JsonObject json) {
    return json.<ContentPart, MessageContent>textOrObjects(
        "content",
        MessageContent::of,
        MessageReader::part,
        parts -> new MessageContent.Parts(json.notEmpty("content", parts)));
  }

  private static ContentPart part(JsonObject json) {
    String type = json.requiredWord("type", PARTS);
    return switch (type) {
      case "text" -> new ContentPart.Text(json.requiredText("text"));
      case "refusal" -> new ContentPart.Refusal(json.requiredText("refusal"));
      default -> new ContentPart.Media(type, json.requiredObject(type).plain());
    };
  }
}
