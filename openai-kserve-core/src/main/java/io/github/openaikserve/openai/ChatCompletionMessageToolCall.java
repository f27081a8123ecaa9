package io.github.openaikserve.openai;

/**
 * A tool call that the model requests. Immutable.
 *
 * @param id the id that the tool's answer refers to; empty in OpenAI's legacy function calling,
 *     which uses the name
 * @param type {@code function} or {@code custom}
 * @param arguments for a function, a JSON object as text, exactly as the model wrote it, so it may
 *     be invalid; for a custom tool, its input
 */
public record ChatCompletionMessageToolCall(String id, String type, String name, String arguments) {
  /** Creates a function call. */
  public ChatCompletionMessageToolCall(String id, String name, String arguments) {
    this(id, "function", name, arguments);
  }

  /** Returns whether this is a call of a custom tool. */
  public boolean isCustom() {
    return type.equals("custom");
  }
}
