package io.github.openaikserve.openai;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message of a conversation, by the role that speaks. Immutable. */
public sealed interface ChatCompletionRequestMessage {
  /** OpenAI's word for the role. */
  String role();

  /** What was said; null only where an assistant said nothing but made tool calls. */
  @Nullable MessageContent content();

  /** Returns the text of the content; empty for none. */
  default String text() {
    MessageContent content = content();
    return content == null ? "" : content.text();
  }

  /** Instructions; {@code developer} is what newer models call {@code system}. */
  record SystemMessage(
      String role,
      MessageContent content,
      @Nullable String name,
      Map<String, @Nullable Object> extra)
      implements ChatCompletionRequestMessage {
    /** Copies the map. */
    public SystemMessage {
      extra = Limits.json(extra);
    }
  }

  /** What the user said. */
  record UserMessage(
      MessageContent content, @Nullable String name, Map<String, @Nullable Object> extra)
      implements ChatCompletionRequestMessage {
    /** Copies the map. */
    public UserMessage {
      extra = Limits.json(extra);
    }

    @Override
    public String role() {
      return "user";
    }
  }

  /**
   * What the model answered before.
   *
   * @param toolCalls the calls it made; empty for none
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
      extra = Limits.json(extra);
    }

    @Override
    public String role() {
      return "assistant";
    }
  }

  /**
   * What a tool answered.
   *
   * @param role {@code tool}, or {@code function} in the older form
   * @param caller the id of the call that is answered, or the function's name in the older form
   */
  record ToolMessage(
      String role,
      @Nullable MessageContent content,
      String caller,
      Map<String, @Nullable Object> extra)
      implements ChatCompletionRequestMessage {
    /** Copies the map. */
    public ToolMessage {
      extra = Limits.json(extra);
    }
  }

  /** A system message of one text. */
  static ChatCompletionRequestMessage system(String text) {
    return new SystemMessage("system", MessageContent.of(text), null, Map.of());
  }

  /** A user message of one text. */
  static ChatCompletionRequestMessage user(String text) {
    return new UserMessage(MessageContent.of(text), null, Map.of());
  }

  /** Returns a user message of parts, such as texts and images; at least one. */
  static ChatCompletionRequestMessage user(ContentPart... parts) {
    return new UserMessage(new MessageContent.Parts(List.of(parts)), null, Map.of());
  }

  /** An assistant message of one text. */
  static ChatCompletionRequestMessage assistant(String text) {
    return new AssistantMessage(MessageContent.of(text), null, List.of(), Map.of());
  }

  /** What the assistant answered, to go on from: its text and its calls. */
  static ChatCompletionRequestMessage assistant(ChatCompletion.Message answer) {
    String content = answer.content();
    return new AssistantMessage(
        content == null ? null : MessageContent.of(content), null, answer.toolCalls(), Map.of());
  }

  /** What a tool answered to the call of that id. */
  static ChatCompletionRequestMessage tool(String callId, String text) {
    return new ToolMessage("tool", MessageContent.of(text), callId, Map.of());
  }
}
