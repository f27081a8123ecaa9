package io.github.openaikserve.openai;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message of a conversation. Each role has its own type. Immutable. */
public sealed interface ChatCompletionRequestMessage {
  /** Returns OpenAI's name of the role. */
  String role();

  /** Returns the content; null only for an assistant message that has tool calls and no text. */
  @Nullable MessageContent content();

  /** Returns the text of the content; empty for none. */
  default String text() {
    MessageContent content = content();
    return content == null ? "" : content.text();
  }

  /**
   * A message with instructions. {@code developer} is the newer name of the role {@code system}.
   */
  record SystemMessage(
      String role,
      MessageContent content,
      @Nullable String name,
      Map<String, @Nullable Object> extra)
      implements ChatCompletionRequestMessage {
    /** Copies the map. */
    public SystemMessage {
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(content, "content");
      extra = FieldChecks.json(extra);
    }
  }

  /** A user's message. */
  record UserMessage(
      MessageContent content, @Nullable String name, Map<String, @Nullable Object> extra)
      implements ChatCompletionRequestMessage {
    /** Copies the map. */
    public UserMessage {
      Objects.requireNonNull(content, "content");
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
   * A tool's answer.
   *
   * @param role {@code tool}, or {@code function} in OpenAI's legacy function calling
   * @param caller the id of the tool call, or the function's name in legacy function calling
   */
  record ToolMessage(
      String role,
      @Nullable MessageContent content,
      String caller,
      Map<String, @Nullable Object> extra)
      implements ChatCompletionRequestMessage {
    /** Copies the map. */
    public ToolMessage {
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(caller, "caller");
      extra = FieldChecks.json(extra);
    }
  }

  /** Returns a system message with one text. */
  static ChatCompletionRequestMessage system(String text) {
    return new SystemMessage("system", MessageContent.of(text), null, Map.of());
  }

  /** Returns a user message with one text. */
  static ChatCompletionRequestMessage user(String text) {
    return new UserMessage(MessageContent.of(text), null, Map.of());
  }

  /** Returns a user message with one or more parts, such as texts and images. */
  static ChatCompletionRequestMessage user(ContentPart... parts) {
    return new UserMessage(new MessageContent.Parts(List.of(parts)), null, Map.of());
  }

  /** Returns an assistant message with one text. */
  static ChatCompletionRequestMessage assistant(String text) {
    return new AssistantMessage(MessageContent.of(text), null, List.of(), Map.of());
  }

  /** Returns an assistant message with the text and the tool calls of an answer. */
  static ChatCompletionRequestMessage assistant(ChatCompletion.Message answer) {
    String content = answer.content();
    return new AssistantMessage(
        content == null ? null : MessageContent.of(content), null, answer.toolCalls(), Map.of());
  }

  /** Returns a tool's answer to the tool call with this id. */
  static ChatCompletionRequestMessage tool(String callId, String text) {
    return new ToolMessage("tool", MessageContent.of(text), callId, Map.of());
  }
}
