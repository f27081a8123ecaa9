package io.github.openaikserve.openai.responses;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An item of a conversation, from the input of a request or the output of a response. Immutable.
 *
 * <p>Output items have an id and a status; input items may have neither.
 */
public sealed interface ResponseItem {
  /** The status of a complete item. */
  String COMPLETED = "completed";

  /** The status of an item that the model has not finished. */
  String IN_PROGRESS = "in_progress";

  /** The status of an item that was cut off. */
  String INCOMPLETE = "incomplete";

  /** Returns OpenAI's name of the type of this item. */
  String type();

  /** Returns the id of the item; null if it has none. */
  @Nullable String id();

  /**
   * A message.
   *
   * @param role {@code user}, {@code assistant}, {@code system} or {@code developer}
   * @param phase the purpose of an assistant's message; null if unknown
   */
  record Message(
      @Nullable String id,
      String role,
      List<ResponseContent> content,
      @Nullable String status,
      @Nullable String phase)
      implements ResponseItem {
    /** Copies the list. */
    public Message {
      content = List.copyOf(content);
    }

    @Override
    public String type() {
      return "message";
    }

    /** Returns the concatenated texts of all parts. */
    public String text() {
      return content.stream().map(Message::textOf).collect(Collectors.joining());
    }

    private static String textOf(ResponseContent part) {
      if (part instanceof ResponseContent.InputText text) {
        return text.text();
      }
      if (part instanceof ResponseContent.OutputText text) {
        return text.text();
      }
      return part instanceof ResponseContent.Refusal refusal ? refusal.refusal() : "";
    }
  }

  /**
   * A function call.
   *
   * @param callId the id that the output of the call refers to
   * @param namespace the namespace of the function; null for none
   * @param arguments a JSON object as text
   */
  record FunctionCall(
      @Nullable String id,
      String callId,
      @Nullable String namespace,
      String name,
      String arguments,
      @Nullable String status)
      implements ResponseItem {
    @Override
    public String type() {
      return "function_call";
    }
  }

  /**
   * A call of a custom tool.
   *
   * @param callId the id that the output of the call refers to
   * @param namespace the namespace of the tool; null for none
   * @param input the input, a free text
   */
  record CustomToolCall(
      @Nullable String id,
      String callId,
      @Nullable String namespace,
      String name,
      String input,
      @Nullable String status)
      implements ResponseItem {
    @Override
    public String type() {
      return "custom_tool_call";
    }
  }

  /**
   * The output of a tool call.
   *
   * @param type {@code function_call_output} or {@code custom_tool_call_output}
   * @param callId the id of the tool call
   * @param output one or more parts
   */
  record CallOutput(
      String type,
      @Nullable String id,
      String callId,
      List<ResponseContent> output,
      @Nullable String status)
      implements ResponseItem {
    /** Copies the list. */
    public CallOutput {
      output = List.copyOf(output);
    }
  }

  /**
   * The output of a tool that the model did not call, such as Codex's report of its goal.
   *
   * @param namespace the namespace of the tool; null for none
   * @param name the name of the tool; null if unknown
   * @param output at least one part
   */
  record ToolOutput(
      @Nullable String id,
      @Nullable String namespace,
      @Nullable String name,
      List<ResponseContent> output,
      @Nullable String status)
      implements ResponseItem {
    /** Copies the list. */
    public ToolOutput {
      output = List.copyOf(output);
    }

    @Override
    public String type() {
      return "function_call_output";
    }
  }

  /**
   * Reasoning of the model.
   *
   * @param summary the summary, which clients show
   * @param content the reasoning as the model wrote it; empty unless requested
   * @param encryptedContent encrypted reasoning of OpenAI's models; null for none
   */
  record Reasoning(
      @Nullable String id,
      List<String> summary,
      List<String> content,
      @Nullable String encryptedContent,
      @Nullable String status)
      implements ResponseItem {
    /** Copies the lists. */
    public Reasoning {
      summary = List.copyOf(summary);
      content = List.copyOf(content);
    }

    @Override
    public String type() {
      return "reasoning";
    }

    /** Returns the reasoning as the model wrote it, or its summary; empty if there is neither. */
    public String text() {
      return String.join("\n", content.isEmpty() ? summary : content);
    }
  }

  /** A reference to a stored item. */
  record ItemReference(String id) implements ResponseItem {
    @Override
    public String type() {
      return "item_reference";
    }
  }

  /**
   * An item of a hosted tool, such as {@code web_search_call}, or of another type that is not
   * passed to the model.
   *
   * @param value all fields of the item, as plain JSON values
   */
  record Other(String type, Map<String, @Nullable Object> value) implements ResponseItem {
    /** Copies the map. */
    public Other {
      value = FieldChecks.json(value);
    }

    @Override
    public @Nullable String id() {
      return value.get("id") instanceof String id ? id : null;
    }
  }

  /** Returns a user message. */
  static ResponseItem user(String text) {
    return new Message(null, "user", List.of(ResponseContent.text(text)), null, null);
  }

  /** Returns the output of the function call with this id. */
  static ResponseItem functionCallOutput(String callId, String output) {
    return new CallOutput(
        "function_call_output", null, callId, List.of(ResponseContent.text(output)), null);
  }
}
