package io.github.openaikserve.openai;

/**
 * A call of a tool that the model requests. Immutable.
 *
 * @param id the id to which a tool's answer refers; empty in the older form, which uses the name
 * @param type {@code function} or {@code custom}
 * @param arguments of a function: a JSON object as text, as the model wrote it, which may be
 *     invalid; of a custom tool: its input
 */
public record ChatCompletionMessageToolCall(String id, String type, String name, String arguments) {
  /** Creates a call of a function. */
  public ChatCompletionMessageToolCall(String id, String name, String arguments) {
    this(id, "function", name, arguments);
  }

  /** Returns whether a custom tool is called. */
  public boolean isCustom() {
    return type.equals("custom");
  }
}
