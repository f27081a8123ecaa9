package io.github.openaikserve.openai;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message of a conversation, by its role. Immutable. */
public sealed interface ChatCompletionRequestMessage {
  /** Returns OpenAI's name of the role. */
  String role();

  /** Returns the content; null only for an assistant message of tool calls without text. */
  @Nullable MessageContent content();

  /** Returns the text of the content; empty for none. */
  default String text() {
    MessageContent content = content();
    return content == null ? "" : content.text();
  }

  /** Instructions; {@code developer} is the newer name of {@code system}. */
  record SystemMessage(
      String role,
      MessageContent content,
      @Nullable String name,
      Map<String, @Nullable Object> extra)
      implements ChatCompletionRequestMessage {
    /** Copies the map. */
    public SystemMessage {
      extra = FieldChecks.json(extra);
    }
  }

  /** A message of the user. */
  record UserMessage(
      MessageContent content, @Nullable String name, Map<String, @Nullable Object> extra)
      implements ChatCompletionRequestMessage {
    /** Copies the map. */
    public UserMessage {
      extra = FieldChecks.json(extra);
    }

    @Override
    public String role() {
      return "user";
    }
  }

  /**
   * An earlier answer of the model.
   *
   * @param toolCalls the tool calls of the answer; empty for none
   */
  record AssistantMessage(
      @Nullable MessageContent content,
      @Nullable String name,
      List<ChatCompletionMessageToolCall> toolCalls,
      Map<String, @Nullable Object> extra)
      implements ChatCompletionRequestMessage {
    /** Copies list and map. */
    public AssistantMessage {
      toolCalls = List.copyOf(toolCalls);
      extra = FieldChecks.json(extra);
    }

    @Override
    public String role() {
      return "assistant";
    }
  }

  /**
   * The answer of a tool.
   *
   * @param role {@code tool}, or {@code function} in the older form
   * @param caller the id of the tool call, or the function's name in the older form
   */
  record ToolMessage(
      String role,
      @Nullable MessageContent content,
      String caller,
      Map<String, @Nullable Object> extra)
      implements ChatCompletionRequestMessage {
    /** Copies the map. */
    public ToolMessage {
      extra = FieldChecks.json(extra);
    }
  }

  /** Returns a system message of one text. */
  static ChatCompletionRequestMessage system(String text) {
    return new SystemMessage("system", MessageContent.of(text), null, Map.of());
  }

  /** Returns a user message of one text. */
  static ChatCompletionRequestMessage user(String text) {
    return new UserMessage(MessageContent.of(text), null, Map.of());
  }

  /** Returns a user message of parts, such as texts and images; at least one. */
  static ChatCompletionRequestMessage user(ContentPart... parts) {
    return new UserMessage(new MessageContent.Parts(List.of(parts)), null, Map.of());
  }

  /** Returns an assistant message of one text. */
  static ChatCompletionRequestMessage assistant(String text) {
    return new AssistantMessage(MessageContent.of(text), null, List.of(), Map.of());
  }

  /** Returns an answer of the assistant as a message: its text and its tool calls. */
  static ChatCompletionRequestMessage assistant(ChatCompletion.Message answer) {
    String content = answer.content();
    return new AssistantMessage(
        content == null ? null : MessageContent.of(content), null, answer.toolCalls(), Map.of());
  }

  /** Returns the answer of a tool to the call with this id. */
  static ChatCompletionRequestMessage tool(String callId, String text) {
    return new ToolMessage("tool", MessageContent.of(text), callId, Map.of());
  }
}
